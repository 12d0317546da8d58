package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/**
 * A graph with its weights, ready to run.
 *
 * <p>Thread-safe, including {@link #close}: it waits for the runs in progress, and a run that begins later throws a
 * {@code HieraException} which says that the model is closed. Native memory is held until then; a session that is never closed is
 * reported in the log when it is garbage-collected. Do not let the JVM exit during a run: native libraries are unloaded while
 * they execute.
 */
public interface Session extends AutoCloseable {
    /** {@return the graph, with the batch still symbolic} */
    Graph graph();

    /**
     * Computes the given outputs of the graph, and only the nodes that they depend on.
     *
     * @param inputs float32 (or int64 for indices) tensors by the graph's input names, all of one batch size; inputs that the
     *     outputs do not need may be missing
     * @param outputs names of the graph's outputs
     * @return float32 tensors in new memory (float64 if the backend computes in it), by output name
     */
    Map<String, HostTensor> run(Map<String, HostTensor> inputs, List<String> outputs);

    /**
     * Computes every output of the graph.
     *
     * @param inputs the graph's inputs by name
     * @return the outputs by name, in new memory
     */
    default Map<String, HostTensor> run(Map<String, HostTensor> inputs) {
        return run(inputs, List.copyOf(graph().outputs().keySet()));
    }

    /** {@return bytes of native memory that this session holds between runs: weights, plans, buffers; 0 once it is closed} */
    long nativeBytes();

    /** Waits for the runs in progress, then frees the native memory. A second call does nothing. */
    @Override
    void close();
}
