package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.JvmProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Linear layers of all sizes with everything that is computed together with them. */
class LinearLayerTest {

    /** A layer on R rows with N inputs and M outputs. */
    record Layer(int rows, int inputs, int outputs) {}

    static Stream<Layer> layers() {
        List<Layer> layers = new ArrayList<>(
                List.of(new Layer(1, 1, 1), new Layer(1, 768, 1000), new Layer(49, 3, 7), new Layer(196, 96, 96)));
        Random random = new Random(3);
        for (int i = 0; i < 12; i++) {
            layers.add(new Layer(1 + random.nextInt(60), 1 + random.nextInt(140), 1 + random.nextInt(140)));
        }
        return layers.stream();
    }

    /** Plain, with GELU, added to a tensor that is needed no more, to an output, and with a factor per channel. */
    private static Graph graph(Layer layer) {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("x", Shape.batched(layer.rows(), layer.inputs()));
        Value plain = g.linear(x, "plain", layer.outputs());
        Value bent = g.linear(x, "bent", layer.outputs(), Activation.GELU);
        Value kept = g.linear(x, "kept", layer.outputs());
        g.output("kept", kept);
        Value sum = g.add(plain, g.linear(x, "added", layer.outputs()));
        g.output("sum", g.add(kept, g.linear(sum, "square", layer.outputs())));
        Value scale = g.parameter("scale", Shape.of(1, 1, layer.outputs()));
        g.output("scaled", g.add(bent, g.multiply(g.linear(x, "branch", layer.outputs()), scale)));
        return g.build();
    }

    private static Map<String, HostTensor> run(Backend backend, Layer layer, int batch) {
        Graph graph = graph(layer);
        Map<String, HostTensor> feeds =
                Map.of("x", FormulaWeights.tensor("input", Shape.of(batch, layer.rows(), layer.inputs())));
        try (Session session = backend.compile(graph, new FormulaWeights(graph.parameters()), CompileOptions.DEFAULT)) {
            return session.run(feeds);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void everyLinearLayerIsThatOfTheReference(Layer layer) {
        for (int batch : new int[] {1, 2, 5}) {
            Map<String, HostTensor> expected = run(new ReferenceBackend(), layer, batch);
            run(new OneDnnBackend(), layer, batch)
                    .forEach((name, actual) -> assertThat(NanoInt8.relativeError(
                                    actual.toFloats(),
                                    Objects.requireNonNull(expected.get(name)).toFloats()))
                            .as("%s of %s, batch %d", name, layer, batch)
                            .isLessThan(2e-6));
        }
    }

    /** Without AVX2 oneDNN's kernels for matrix products are used on every processor. */
    @Test
    void olderInstructionsGiveTheSameResult() throws Exception {
        JvmProcess.Result result = JvmProcess.of(Printed.class)
                .withEnvironment("ONEDNN_MAX_CPU_ISA", "AVX")
                .run(60);
        assertThat(result.exitCode()).as(result.output()).isZero();
        float[] here = Printed.values();
        float[] there = new float[here.length];
        for (int i = 0; i < there.length; i++) {
            there[i] = Float.parseFloat(result.lines().get(i));
        }
        assertThat(NanoInt8.relativeError(there, here)).isCloseTo(0, within(2e-6));
    }

    /** Prints the results of one layer. */
    static final class Printed {
        private Printed() {}

        public static void main(String[] arguments) {
            for (float value : values()) {
                System.out.println(value);
            }
        }

        static float[] values() {
            Map<String, HostTensor> results = run(new OneDnnBackend(), new Layer(49, 96, 64), 2);
            return Objects.requireNonNull(results.get("scaled")).toFloats();
        }
    }
}
