package io.github.hiera4j.serve.infer;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.model.Version;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.request.ByteBudget;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * The Open Inference Protocol, version 2, over REST, with Triton's extension for binary tensors.
 *
 * <p>Every encoder and classifier takes one input, {@code input}: float32 {@code [B, 3, (T,) H, W]}, normalised as the model was
 * trained. Its samples share batches with those of all other requests. Thread-safe.
 */
public final class InferenceProtocol {
    /** Bytes of JSON in one request; binary tensors may be larger. */
    private static final int LONGEST_JSON = 16 << 20;

    /** Largest memory for parsing per byte of JSON: two copies of an array of numbers with two characters each. */
    private static final int BYTES_PER_JSON_BYTE = 6;

    /** The only version of every model. */
    public static final String VERSION = "1";

    private final Models models;

    /**
     * Serves the given models.
     *
     * @param models the served models
     */
    public InferenceProtocol(Models models) {
        this.models = models;
    }

    /**
     * A response: JSON, followed by the bytes of binary tensors.
     *
     * @param jsonLength bytes of the JSON; empty if nothing follows it
     */
    public record Body(byte[] bytes, Optional<Integer> jsonLength, int samples) {}

    /** {@return the response to {@code GET /v2}} */
    public static Map<String, Object> server() {
        return InferWriter.ordered(
                "name", "hiera", "version", Version.NAME, "extensions", List.of("binary_tensor_data"));
    }

    /**
     * {@return the response to {@code GET /v2/models/NAME}}
     *
     * @param name the name
     */
    public Map<String, Object> describe(String name) {
        try (Models.Lease lease = models.lease(name)) {
            HieraBackbone backbone = backbone(lease.model());
            List<Object> outputs = new ArrayList<>();
            backbone.outputs().forEach((output, shape) -> outputs.add(InferWriter.tensor(output, shape)));
            return InferWriter.ordered(
                    "name",
                    name,
                    "versions",
                    List.of(VERSION),
                    "platform",
                    "hiera_" + lease.model().backend(),
                    "inputs",
                    List.of(InferWriter.tensor(HieraEncoder.INPUT, InferRules.inputShape(backbone))),
                    "outputs",
                    outputs);
        }
    }

    /**
     * {@return whether a model is ready}
     *
     * @param name the name
     * @throws Refusal with 404 if there is no model with this name
     */
    public Map<String, Object> ready(String name) {
        try (Models.Lease lease = models.lease(name)) {
            return InferWriter.ordered("name", lease.model().name(), "ready", true);
        }
    }

    /**
     * Computes an inference request.
     *
     * @param name the name
     * @param body the body of the request
     * @param jsonLength the value of {@code Inference-Header-Content-Length}; empty: the whole body is JSON
     * @param memory the budget for parsing and large results
     * @param ticket the request's deadline and connection
     * @return the answer
     * @throws Refusal that says what is wrong with the request
     */
    public Body infer(String name, byte[] body, Optional<Integer> jsonLength, ByteBudget.Share memory, Ticket ticket) {
        int header = jsonLength.orElse(body.length);
        if (header < 0 || header > body.length) {
            throw Refusal.of(
                    400,
                    "Inference-Header-Content-Length must be 0 to the body's %d bytes, got %d",
                    body.length,
                    header);
        }
        if (header > LONGEST_JSON) {
            throw Refusal.of(413, "the JSON may have %d bytes, got %d: send binary tensors", LONGEST_JSON, header);
        }
        memory.take((long) BYTES_PER_JSON_BYTE * header);
        InferRequest request = ticket.times().during(Stage.DECODE, () -> InferReader.read(body, header, name));
        try (Models.Lease lease = models.lease(name)) {
            ServedModel model = lease.model();
            HieraBackbone backbone = backbone(model);
            InferRules.check(request, backbone);
            List<InferRequest.Output> wanted = InferRules.outputs(request, backbone);
            memory.take(InferRules.outputBytes(request, wanted, backbone));
            List<HostTensor> results = compute(
                    model,
                    request.input(),
                    wanted.stream().map(InferRequest.Output::name).toList(),
                    ticket);
            return ticket.times().during(Stage.ENCODE, () -> write(name, request, wanted, results));
        }
    }

    private static Body write(
            String name, InferRequest request, List<InferRequest.Output> wanted, List<HostTensor> results) {
        List<InferTensor> tensors = IntStream.range(0, wanted.size())
                .mapToObj(i -> new InferTensor(
                        wanted.get(i).name(),
                        results.get(i),
                        wanted.get(i).binary().orElse(request.binaryOutputs())))
                .toList();
        return InferWriter.write(name, request, tensors);
    }

    private static HieraBackbone backbone(ServedModel model) {
        return model.backbone()
                .orElseThrow(() ->
                        Refusal.of(404, "the model '%s' has no tensor interface: use POST /v1/segment", model.name()));
    }

    private static List<HostTensor> compute(
            ServedModel model, InferRequest.Input input, List<String> outputs, Ticket ticket) {
        int samples = input.shape()[0];
        int[] sizes = input.shape().clone();
        sizes[0] = 1;
        HostTensor view = HostTensor.allocate(DType.FLOAT32, Shape.of(sizes));
        List<CompletableFuture<List<HostTensor>>> rows = new ArrayList<>();
        try {
            for (int sample = 0; sample < samples; sample++) {
                ticket.checkWanted();
                view.floats().put(input.values().slice(sample * view.elements(), view.elements()));
                rows.add(model.submit(ticket, view, outputs));
            }
            List<List<HostTensor>> all = rows.stream().map(ticket::await).toList();
            return IntStream.range(0, outputs.size())
                    .mapToObj(output ->
                            stack(all.stream().map(row -> row.get(output)).toList()))
                    .toList();
        } catch (RuntimeException | Error failure) {
            ticket.cancel();
            rows.forEach(row -> row.cancel(false));
            throw failure;
        }
    }

    private static HostTensor stack(List<HostTensor> rows) {
        int[] row = rows.get(0).shape().sizes();
        int[] sizes = new int[row.length + 1];
        sizes[0] = rows.size();
        System.arraycopy(row, 0, sizes, 1, row.length);
        HostTensor all = HostTensor.allocate(DType.FLOAT32, Shape.of(sizes));
        FloatBuffer target = all.floats();
        rows.forEach(values -> target.put(values.floats()));
        return all;
    }
}
