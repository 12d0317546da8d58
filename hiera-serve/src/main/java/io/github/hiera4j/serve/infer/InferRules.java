package io.github.hiera4j.serve.infer;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.request.Refusal;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Limits on inputs of a model and on the size of its outputs: refuses a request before anything is computed. */
final class InferRules {
    /** Samples in one request. */
    private static final int MOST_SAMPLES = 256;

    /** Largest size of the outputs of one request, in bytes. */
    private static final long MOST_OUTPUT_BYTES = 256L << 20;

    private static final int BYTES_PER_BINARY_ELEMENT = 12;
    private static final int BYTES_PER_JSON_ELEMENT = 40;

    private InferRules() {}

    static Shape inputShape(HieraBackbone backbone) {
        List<Integer> size = backbone.config().inputSize();
        int[] sizes = new int[2 + size.size()];
        sizes[0] = Shape.BATCH;
        sizes[1] = backbone.config().inChans();
        for (int i = 0; i < size.size(); i++) {
            sizes[2 + i] = size.get(i);
        }
        return Shape.of(sizes);
    }

    static void check(InferRequest request, HieraBackbone backbone) {
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

    static List<InferRequest.Output> outputs(InferRequest request, HieraBackbone backbone) {
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
                throw Refusal.of(400, "the output '%s' is requested twice", output.name());
            }
            seen.add(output.name());
        }
        return request.outputs();
    }

    static long outputBytes(InferRequest request, List<InferRequest.Output> wanted, HieraBackbone backbone) {
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
}
