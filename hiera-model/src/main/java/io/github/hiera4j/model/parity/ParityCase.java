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
    /** {@return the name of the case} */
    String name();

    /** {@return the model's graph with the outputs that the case states} */
    Graph graph();

    /** {@return the formula weights of the graph} */
    WeightSource weights();

    /** {@return what to feed, by input name} */
    Map<String, HostTensor> feeds();

    /** {@return what the case states, by output name, and of {@link #derived} tensors} */
    Map<String, TensorSummary> expected();

    /**
     * Tensors that the case states and that no engine computes, by name: resized weights.
     *
     * @return the tensors by name
     */
    default Map<String, HostTensor> derived() {
        return Map.of();
    }

    /**
     * Runs the case: every stated tensor that an engine computes, by name.
     *
     * @param backend the backend
     * @param options element type, device and threads
     * @return the tensors by name
     */
    default Map<String, HostTensor> compute(Backend backend, CompileOptions options) {
        try (Session session = backend.compile(graph(), weights(), options)) {
            return session.run(feeds());
        }
    }

    /** {@return the largest relative L2 error allowed in half precision: what rounding costs the reference itself, and some more} */
    default double halfTolerance() {
        return isNano() ? 0.03 : 0.02;
    }

    /** {@return whether rounding weighs more than in the published models: fewer channels average less of it out} */
    boolean isNano();
}
