package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Map;

/** A graph, its inputs, and the figures of the reference implementation for its outputs. */
public interface ParityCase {
    /** {@return the name of the case} */
    String name();

    /** {@return the model's graph with the outputs that the case states} */
    Graph graph();

    /** {@return the formula weights of the graph} */
    WeightSource weights();

    /** {@return the inputs by name} */
    Map<String, HostTensor> feeds();

    /** {@return the expected figures by output name, and those of {@link #derived} tensors} */
    Map<String, TensorSummary> expected();

    /**
     * Returns the stated tensors that no engine computes, by name: resized weights.
     *
     * @return the tensors by name
     */
    default Map<String, HostTensor> derived() {
        return Map.of();
    }

    /**
     * Runs the case and returns every stated tensor that an engine computes, by name.
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

    /** {@return the largest relative L2 error allowed in half precision: the rounding error of the reference itself, plus a margin} */
    default double halfTolerance() {
        return isNano() ? 0.03 : 0.02;
    }

    /** {@return whether rounding has more effect than in the published models, because fewer channels average out less of it} */
    boolean isNano();
}
