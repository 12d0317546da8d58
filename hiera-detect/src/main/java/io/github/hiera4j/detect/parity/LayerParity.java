package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/** Compares the layers of pyramid and heads on an engine with the reference. */
final class LayerParity {
    private static final double EXACT = 1e-12;
    private static final double SINGLE = 1e-6;
    private static final double HALF = 2e-2;
    private static final double NORM_EPS = 1e-6;
    private static final String ZEROS = "zeros"; // the upsampled map is added to them

    private LayerParity() {}

    static void run(JsonNode json, Backend backend, CompileOptions options, Findings findings) {
        boolean half = options.dtype().bytes() == 2;
        double allowed = backend.name().equals("reference") ? EXACT : half ? HALF : SINGLE;
        Runner runner = new Runner(backend, options);
        findings.close(
                "channel LayerNorm",
                doubles(json.path("channel_layer_norm").path("output")),
                runner.run("input_norm", Shape.of(2, 5, 3, 4), (g, x) -> g.layerNorm(x, "norm", NORM_EPS)),
                allowed);
        findings.close(
                "transposed convolution",
                doubles(json.path("deconv_2x2").path("output")),
                runner.run("input_deconv", Shape.of(2, 3, 2, 3), (g, x) -> ChannelLast.doubled(g, x, "deconv", 4)),
                allowed);
        JsonNode upsample = json.path("upsample");
        Shape shape = Shape.of(1, 2, 3, 4);
        findings.close(
                "upsampling",
                doubles(upsample.path("x2")),
                runner.run(
                        "input_up",
                        shape,
                        (g, x) -> ChannelLast.plusUpsampled(g, g.input(ZEROS, Shape.batched(6, 8, 2)), x)),
                allowed);
        findings.close(
                "every second pixel",
                doubles(upsample.path("p6")),
                runner.run("input_up", shape, ChannelLast::everySecond),
                allowed);
    }

    private record Runner(Backend backend, CompileOptions options) {
        /** Returns the layer's result in the order {@code [B, C, h, w]}, for a synthetic input in that order. */
        double[] run(String input, Shape shape, BiFunction<GraphBuilder, Value, Value> layer) {
            GraphBuilder g = new GraphBuilder();
            Value fed = g.input("x", Shape.batched(shape.size(1), shape.size(2), shape.size(3)));
            Value pixels = g.permute(fed, List.of(0, 2, 3, 1));
            g.output("y", g.permute(layer.apply(g, pixels), List.of(0, 3, 1, 2)));
            Graph graph = g.build();
            try (Session session = backend.compile(graph, new FormulaWeights(graph.parameters()), options)) {
                Map<String, HostTensor> results = session.run(Map.of(
                        "x",
                        FormulaWeights.tensor(input, shape),
                        ZEROS,
                        HostTensor.allocate(DType.FLOAT32, Shape.of(1, 6, 8, 2))));
                return Objects.requireNonNull(results.get("y")).toDoubles();
            }
        }
    }
}
