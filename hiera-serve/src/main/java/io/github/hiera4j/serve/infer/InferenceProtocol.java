package io.github.hiera4j.serve.infer;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.model.Version;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.model.Models;
import io.github.hiera4j.serve.model.ServedModel;
import io.github.hiera4j.serve.request.ByteBudget;
import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.Ticket;
import java.io.ByteArrayOutputStream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Open Inference Protocol, version 2, over REST, with Triton's extension for binary tensors.
 *
 * <p>Every encoder and classifier takes one input, {@code input}: float32 {@code [B, 3, (T,) H, W]}, normalised as the model was
 * trained. Its samples share batches with those of all other requests. Thread-safe.
 */
public final class InferenceProtocol {
    /** Samples in one request. */
    private static final int MOST_SAMPLES = 256;

    /** Bytes of JSON in one request; binary tensors may be larger. */
    private static final int LONGEST_JSON = 16 << 20;

    /** What parsing may take for each byte of JSON: two copies of an array of numbers that have two characters each. */
    private static final int BYTES_PER_JSON_BYTE = 6;

    /** Bytes that the outputs of one request may take on their way. */
    private static final long MOST_OUTPUT_BYTES = 256L << 20;

    private static final int BYTES_PER_BINARY_ELEMENT = 12;
    private static final int BYTES_PER_JSON_ELEMENT = 40;

    /** The only version that a model has. */
    public static final String VERSION = "1";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Models models;

    public InferenceProtocol(Models models) {
        this.models = models;
    }

    /**
     * An answer: JSON, then the bytes of binary tensors.
     *
     * @param jsonLength bytes of the JSON; empty if nothing follows it
     */
    public record Body(byte[] bytes, Optional<Integer> jsonLength, int samples) {}

    /** What {@code GET /v2} says. */
    public static Map<String, Object> server() {
        return ordered("name", "hiera", "version", Version.NAME, "extensions", List.of("binary_tensor_data"));
    }

    /** What {@code GET /v2/models/NAME} says. */
    public Map<String, Object> describe(String name) {
        try (Models.Lease lease = models.lease(name)) {
            HieraBackbone backbone = backbone(lease.model());
            List<Object> outputs = new ArrayList<>();
            backbone.outputs().forEach((output, shape) -> outputs.add(tensor(output, shape)));
            return ordered(
                    "name",
                    name,
                    "versions",
                    List.of(VERSION),
                    "platform",
                    "hiera_" + lease.model().backend(),
                    "inputs",
                    List.of(tensor(HieraEncoder.INPUT, inputShape(backbone))),
                    "outputs",
                    outputs);
        }
    }

    /**
     * Whether a model answers.
     *
     * @throws Refusal with 404 if there is none of the name
     */
    public Map<String, Object> ready(String name) {
        try (Models.Lease lease = models.lease(name)) {
            return ordered("name", lease.model().name(), "ready", true);
        }
    }

    /**
     * Computes an inference request.
     *
     * @param memory where parsing and large results are accounted for
     * @param jsonLength the value of {@code Inference-Header-Content-Length}; empty: the whole body is JSON
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
        InferRequest request = InferReader.read(body, header);
        try (Models.Lease lease = models.lease(name)) {
            ServedModel model = lease.model();
            HieraBackbone backbone = backbone(model);
            check(request, backbone);
            List<InferRequest.Output> wanted = wanted(request, backbone);
            memory.take(outputBytes(request, wanted, backbone));
            List<HostTensor> results = compute(
                    model,
                    request.input(),
                    wanted.stream().map(InferRequest.Output::name).toList(),
                    ticket);
            List<InferTensor> tensors = IntStream.range(0, wanted.size())
                    .mapToObj(i -> new InferTensor(
                            wanted.get(i).name(),
                            results.get(i),
                            wanted.get(i).binary().orElse(request.binaryOutputs())))
                    .toList();
            return write(name, request, tensors);
        }
    }

    private static HieraBackbone backbone(ServedModel model) {
        return model.backbone()
                .orElseThrow(() ->
                        Refusal.of(404, "the model '%s' has no tensor interface: use POST /v1/segment", model.name()));
    }

    private static Shape inputShape(HieraBackbone backbone) {
        List<Integer> size = backbone.config().inputSize();
        int[] sizes = new int[2 + size.size()];
        sizes[0] = Shape.BATCH;
        sizes[1] = backbone.config().inChans();
        for (int i = 0; i < size.size(); i++) {
            sizes[2 + i] = size.get(i);
        }
        return Shape.of(sizes);
    }

    private static Map<String, Object> tensor(String name, Shape shape) {
        return ordered("name", name, "datatype", "FP32", "shape", shape.sizes());
    }

    private static void check(InferRequest request, HieraBackbone backbone) {
        InferRequest.Input input = request.input();
        if (!input.name().equals(HieraEncoder.INPUT)) {
            throw Refusal.of(400, "the model's input is 'input', got '%s'", Printable.of(input.name()));
        }
        int[] expected = inputShape(backbone).sizes();
        int[] got = input.shape().clone();
        int samples = got.length > 0 ? got[0] : 0;
        if (got.length > 0) {
            got[0] = Shape.BATCH;
        }
        if (!Arrays.equals(expected, got)) {
            throw Refusal.of(
                    400,
                    "the model takes the shape %s with any batch for -1, got %s",
                    Arrays.toString(expected),
                    Arrays.toString(input.shape()));
        }
        if (samples > MOST_SAMPLES) {
            throw Refusal.of(413, "a request may have %d samples, got %d", MOST_SAMPLES, samples);
        }
        FloatBuffer values = input.values();
        for (int i = 0; i < values.remaining(); i++) {
            if (!Float.isFinite(values.get(i))) {
                throw Refusal.of(400, "the input holds %s at element %d: expected finite numbers", values.get(i), i);
            }
        }
    }

    private static List<InferRequest.Output> wanted(InferRequest request, HieraBackbone backbone) {
        if (request.outputs().isEmpty()) {
            return backbone.outputs().keySet().stream()
                    .map(name -> new InferRequest.Output(name, Optional.empty()))
                    .toList();
        }
        List<String> seen = new ArrayList<>();
        for (InferRequest.Output output : request.outputs()) {
            if (!backbone.outputs().containsKey(output.name())) {
                throw Refusal.of(
                        400,
                        "the model has no output '%s': it has %s",
                        Printable.of(output.name()),
                        backbone.outputs().keySet());
            }
            if (seen.contains(output.name())) {
                throw Refusal.of(400, "the output '%s' is wanted twice", output.name());
            }
            seen.add(output.name());
        }
        return request.outputs();
    }

    private static long outputBytes(InferRequest request, List<InferRequest.Output> wanted, HieraBackbone backbone) {
        long bytes = 0;
        for (InferRequest.Output output : wanted) {
            Shape shape = Objects.requireNonNull(backbone.outputs().get(output.name()));
            boolean binary = output.binary().orElse(request.binaryOutputs());
            bytes += shape.withBatch(request.input().shape()[0]).elements()
                    * (binary ? BYTES_PER_BINARY_ELEMENT : BYTES_PER_JSON_ELEMENT);
        }
        if (bytes > MOST_OUTPUT_BYTES) {
            throw Refusal.of(
                    413,
                    "the outputs of %d samples are too large: ask for fewer outputs or samples, or for binary"
                            + " ones",
                    request.input().shape()[0]);
        }
        return bytes;
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

    private static Body write(String name, InferRequest request, List<InferTensor> tensors) {
        List<Object> outputs = new ArrayList<>();
        for (InferTensor tensor : tensors) {
            Map<String, Object> output =
                    new LinkedHashMap<>(tensor(tensor.name(), tensor.values().shape()));
            if (tensor.binary()) {
                output.put(
                        "parameters", Map.of("binary_data_size", tensor.values().byteSize()));
            } else {
                output.put("data", tensor.values().toFloats());
            }
            outputs.add(output);
        }
        Map<String, Object> answer = ordered("model_name", name, "model_version", VERSION);
        request.id().ifPresent(id -> answer.put("id", id));
        answer.put("outputs", outputs);
        byte[] json = JSON.writeValueAsBytes(answer);
        boolean binary = tensors.stream().anyMatch(InferTensor::binary);
        int samples = request.input().shape()[0];
        if (!binary) {
            return new Body(json, Optional.empty(), samples);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(json);
        for (InferTensor tensor : tensors) {
            if (tensor.binary()) {
                byte[] raw = new byte[tensor.values().byteSize()];
                tensor.values().bytes().get(raw);
                bytes.writeBytes(raw);
            }
        }
        return new Body(bytes.toByteArray(), Optional.of(json.length), samples);
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
