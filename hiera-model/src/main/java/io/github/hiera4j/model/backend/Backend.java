package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;

/** An engine that can run graphs. Found through {@link java.util.ServiceLoader}; see {@link Backends}. */
public interface Backend {
    /** {@return the name on the command line: {@code torch}, {@code onednn}, {@code reference}} */
    String name();

    /** {@return whether it can run on this machine, and why not} May load native libraries; never throws. */
    Availability availability();

    /** {@return the priority: if the caller has no preference, the usable backend with the highest value is chosen} */
    int priority();

    /**
     * {@return whether it supports the options on this machine, and if not, why: it may lack a device or an element type, or the processor
     * may lack the instructions} May load native libraries; never throws.
     *
     * @param options element type, device and threads
     */
    default Availability supports(CompileOptions options) {
        return availability();
    }

    /**
     * Returns the element types that it supports on a device of this machine, fastest first. May load native libraries; never throws.
     *
     * @param device cpu, cuda or cuda:N
     * @return at least float32; never empty
     */
    default List<DType> typesBySpeed(String device) {
        return List.of(DType.FLOAT32);
    }

    /**
     * Prepares a graph: reads the weights it needs, in the options' element type.
     *
     * <p>Throws a {@code HieraException} if a weight is missing or has another shape, if its file is damaged, truncated or
     * written to while it is read, or if this backend does not support the options. Everything is read before this
     * method returns: the source may be closed and its files changed afterwards.
     *
     * @param graph the network
     * @param weights its parameters by official name; may be closed afterwards
     * @param options element type, device and threads
     * @return the session; the caller closes it
     */
    Session compile(Graph graph, WeightSource weights, CompileOptions options);
}
