package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;
import java.util.ServiceLoader;

/** An engine that differentiates graphs with respect to their inputs and computed values. Found through {@link ServiceLoader}. */
public interface GradientEngine {
    /** {@return whether it can run on this machine, and why not} May load native libraries; never throws. */
    Availability availability();

    /**
     * Prepares a graph: reads all weights in float32, after which the source may be closed.
     *
     * @param graph the network
     * @param weights its parameters by official name; may be closed afterwards
     * @param options the device; gradients are computed in float32 whatever the element type is
     * @return the session; the caller closes it
     */
    GradientSession differentiate(Graph graph, WeightSource weights, CompileOptions options);

    /**
     * {@return the engine on the class path that can be used here}
     *
     * @throws UnsupportedException if there is none; the message says what is missing
     */
    static GradientEngine require() {
        List<GradientEngine> engines = ServiceLoader.load(GradientEngine.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        for (GradientEngine engine : engines) {
            if (engine.availability().usable()) {
                return engine;
            }
        }
        String reason = engines.isEmpty()
                ? "no engine on the class path computes them: add the artifact hiera-torch"
                : engines.get(0).availability().detail();
        throw new UnsupportedException("gradients cannot be computed here: " + reason);
    }
}
