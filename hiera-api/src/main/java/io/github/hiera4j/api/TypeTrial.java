package io.github.hiera4j.api;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.SyntheticSamples;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs one model in several element types on the same sample, and compares time and output with float32. */
final class TypeTrial {
    /** Timed runs of a trial; the shortest is used, because other programs can only lengthen a run. */
    private static final int RUNS = 3;

    private final Graph graph;
    private final String output;
    private final Backend engine;
    private final Map<String, HostTensor> feeds;
    private final Tried exact;

    /**
     * @param nanoseconds the shortest run
     * @param values the output
     */
    private record Tried(long nanoseconds, double[] values) {}

    /**
     * The comparison of a type with float32.
     *
     * @param speed relative to float32; larger is faster
     * @param error relative L2 error of the output
     */
    record Outcome(double speed, double error) {}

    /** Runs the model in float32. */
    TypeTrial(Graph graph, HieraConfig trained, WeightSource weights, Backend engine, CompileOptions exact) {
        this.output = Int8Weights.output(graph);
        this.graph = graph.select(List.of(output));
        this.engine = engine;
        this.feeds = Map.of(HieraEncoder.INPUT, SyntheticSamples.of(trained, 1).get(0));
        this.exact = run(weights, exact);
    }

    /** Runs the model in another type. */
    Outcome compare(WeightSource weights, CompileOptions options) {
        Tried tried = run(weights, options);
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < exact.values().length; i++) {
            difference += Math.pow(tried.values()[i] - exact.values()[i], 2);
            reference += Math.pow(exact.values()[i], 2);
        }
        double error = Math.sqrt(reference == 0 ? difference : difference / reference);
        return new Outcome((double) exact.nanoseconds() / tried.nanoseconds(), error);
    }

    private Tried run(WeightSource weights, CompileOptions options) {
        try (Session session = engine.compile(graph, weights, options)) {
            HostTensor values = Objects.requireNonNull(session.run(feeds).get(output)); // also prepares the kernels
            long shortest = Long.MAX_VALUE;
            for (int run = 0; run < RUNS; run++) {
                long start = System.nanoTime();
                session.run(feeds);
                shortest = Math.min(shortest, System.nanoTime() - start);
            }
            return new Tried(shortest, values.toDoubles());
        }
    }
}
