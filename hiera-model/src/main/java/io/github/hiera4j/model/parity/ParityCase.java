package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Map;

/** A graph, what to feed it, and the figures that the reference implementation gave for its outputs. */
public interface ParityCase {
    String name();

    /** The model's graph with the outputs that the case states. */
    Graph graph();

    /** The formula weights of the graph. */
    WeightSource weights();

    /** What to feed, by input name. */
    Map<String, HostTensor> feeds();

    /** What the case states, by output name, and of {@link #derived} tensors. */
    Map<String, TensorSummary> expected();

    /** Tensors that the case states and that no engine computes, by name: resized weights. */
    default Map<String, HostTensor> derived() {
        return Map.of();
    }

    /** Runs the case: every stated tensor that an engine computes, by name. */
    default Map<String, HostTensor> compute(Backend backend, CompileOptions options) {
        try (Session session = backend.compile(graph(), weights(), options)) {
            return session.run(feeds());
        }
    }

    /** The largest relative L2 error allowed in half precision: what rounding costs the reference itself, and some more. */
    default double halfTolerance() {
        return isNano() ? 0.03 : 0.02;
    }

    /** Whether rounding weighs more than in the published models: fewer channels average less of it out. */
    boolean isNano();
}
