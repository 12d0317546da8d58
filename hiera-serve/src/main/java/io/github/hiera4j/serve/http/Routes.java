package io.github.hiera4j.serve.http;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.serve.answer.Answers;
import io.github.hiera4j.serve.infer.InferenceProtocol;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.model.Task;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.ServerLimits;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.upload.Uploads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The routes of the server. */
final class Routes {
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";

    /** Larger responses are streamed. */
    private static final long LARGEST_BUFFERED = 1 << 20;

    private final Models models;
    private final ServerLimits limits;
    private final Answers answers;
    private final InferenceProtocol protocol;
    private final Supplier<String> metrics;
    private final BooleanSupplier ready;

    Routes(Models models, ServerLimits limits, Answers answers, Supplier<String> metrics, BooleanSupplier ready) {
        this.models = models;
        this.limits = limits;
        this.answers = answers;
        this.protocol = new InferenceProtocol(models);
        this.metrics = metrics;
        this.ready = ready;
    }

    List<Route> all() {
        List<Route> routes = new ArrayList<>(PageFiles.routes());
        routes.add(Route.open("/v2/health/live", call -> call.json(Map.of("live", true))));
        routes.add(Route.open("/v2/health/ready", this::ready));
        routes.add(Route.get(
                "/metrics",
                call -> call.bytes(
                        "text/plain; version=0.0.4; charset=utf-8",
                        metrics.get().getBytes(java.nio.charset.StandardCharsets.UTF_8))));
        routes.add(Route.get("/v1/models", call -> call.json(describe())));
        for (Task task : Task.values()) {
            routes.add(Route.post("/v1/" + task.word(), call -> answer(task, call)));
        }
        routes.add(Route.get("/v2", call -> call.json(InferenceProtocol.server())));
        for (String model : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            routes.add(Route.get(model, call -> call.json(protocol.describe(modelOf(call)))));
            routes.add(Route.get(model + "/ready", call -> call.json(protocol.ready(modelOf(call)))));
            routes.add(Route.post(model + "/infer", this::infer));
        }
        return routes;
    }

    private void ready(Call call) {
        if (!ready.getAsBoolean()) {
            throw Refusal.busy("the server is stopping");
        }
        call.json(Map.of("ready", true));
    }

    private void answer(Task task, Call call) {
        Map<String, List<String>> query = call.context().queryParamMap();
        byte[] body = call.body();
        String type = Objects.requireNonNullElse(call.context().contentType(), "");
        Uploads uploads = Uploads.of(body, type, query, limits.files());
        call.memory().take(uploads.files().size() > 1 || type.startsWith("multipart") ? body.length : 0);
        Answers.Body answer = answers.answer(task, uploads, call.memory(), call.ticket());
        call.ticket().times().begin(Stage.ENCODE);
        String answerType = answer.rows().size() == 1 ? "application/json" : "application/x-ndjson";
        try {
            if (answer.bytes() > LARGEST_BUFFERED) {
                call.context().contentType(answerType);
                answer.writeTo(call.context().res().getOutputStream());
            } else {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                answer.writeTo(bytes);
                call.bytes(answerType, bytes.toByteArray());
            }
        } catch (IOException gone) {
            throw Refusal.clientGone();
        } finally {
            call.ticket().times().end(Stage.ENCODE);
        }
    }

    private static String modelOf(Call call) {
        if (call.context().pathParamMap().containsKey("version")
                && !call.part("version").equals(InferenceProtocol.VERSION)) {
            throw Refusal.of(
                    404,
                    "there is no version '%s' of a model: there is version %s",
                    Printable.of(call.part("version")),
                    InferenceProtocol.VERSION);
        }
        return call.part("model");
    }

    private void infer(Call call) {
        String model = modelOf(call);
        String header = call.context().header(JSON_LENGTH);
        if (header != null && !header.matches("[0-9]{1,9}")) {
            throw Refusal.of(400, "%s must be a number of bytes, got '%s'", JSON_LENGTH, Printable.of(header));
        }
        InferenceProtocol.Body answer = protocol.infer(
                model, call.body(), Optional.ofNullable(header).map(Integer::parseInt), call.memory(), call.ticket());
        answer.jsonLength().ifPresent(length -> call.context().header(JSON_LENGTH, Integer.toString(length)));
        call.bytes(answer.jsonLength().isPresent() ? "application/octet-stream" : "application/json", answer.bytes());
    }

    /** The JSON object of {@code GET /v1/models}. */
    private Map<String, Object> describe() {
        List<Object> rows = new ArrayList<>();
        for (ServedModel model : models.all()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", model.name());
            row.put("tasks", model.tasks().stream().map(Task::word).toList());
            row.put("video", model.isVideo());
            row.put("backend", model.backend());
            model.backbone().map(HieraBackbone::config).ifPresent(config -> row.put("inputSize", config.inputSize()));
            model.classifier()
                    .map(HieraClassifier::config)
                    .ifPresent(config -> row.put("classes", config.numClasses()));
            rows.add(row);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("models", rows);
        all.put("largestRequestBytes", limits.requestBytes());
        all.put("mostFiles", limits.files());
        return all;
    }
}
