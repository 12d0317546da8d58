package io.github.hiera4j.bench;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.timing.Repeats;
import io.github.hiera4j.model.timing.Spread;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Map;
import java.util.Optional;

/**
 * Measures the speed of large square matrix products on this machine with the measured backend: an upper bound for a
 * network.
 */
public final class MatmulPeak {
    private static final int SIZE = 2048;
    private static final int LAYERS = 6;
    private static final int LAYERS_ON_GPU = 600; // of 20 microseconds each, where copies take a millisecond
    private static final Repeats REPEATS = new Repeats(2, 5, 20, 1.5);

    private MatmulPeak() {}

    /**
     * Returns the billions of floating-point operations per second (a multiplication and an addition are two) in the fastest of several runs.
     *
     * @param backend the backend
     * @param options precision, device and threads
     * @return the peak
     */
    public static double gigaflops(Backend backend, CompileOptions options) {
        int layers = options.device().equals("cpu") ? LAYERS : LAYERS_ON_GPU;
        Graph graph = graph(layers);
        Map<String, HostTensor> input = Map.of("rows", FormulaWeights.tensor("input", Shape.of(1, SIZE, SIZE)));
        try (Session session = backend.compile(graph, weights(graph, options), options)) {
            long[] nanoseconds = REPEATS.measure(() -> session.run(input));
            double best = Spread.ofNanoseconds(nanoseconds).minimum() / 1e3;
            return 2.0 * layers * SIZE * SIZE * SIZE / best / 1e9;
        }
    }

    private static WeightSource weights(Graph graph, CompileOptions options) {
        WeightSource weights = new FormulaWeights(graph.parameters());
        return options.dtype() == DType.INT8 ? new Quantized(weights) : weights;
    }

    /** Returns the same weights with scales: the time of integer products does not depend on the values. */
    private static final class Quantized extends DerivedWeights {
        Quantized(WeightSource source) {
            super(source);
        }

        @Override
        public Optional<LinearQuantization> quantization(String weight) {
            return Optional.of(new LinearQuantization(0.05f, 128, LinearQuantization.weightScales(read(weight))));
        }
    }

    /** Builds a chain of products, so that copying the input and the small result takes a negligible part of the time. */
    private static Graph graph(int layers) {
        GraphBuilder g = new GraphBuilder();
        Value x = g.input("rows", Shape.batched(SIZE, SIZE));
        Value weight = g.parameter("square.weight", Shape.of(SIZE, SIZE));
        for (int layer = 0; layer < layers; layer++) {
            x = g.matmul(x, "product" + layer, weight); // [B, SIZE, SIZE]
        }
        g.output("mean", g.mean(x, 1)); // [B, SIZE]
        return g.build();
    }
}
