package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.List;
import java.util.Map;

/** A graph with its weights, ready to be differentiated. Thread-safe; holds native memory until it is closed. */
public interface GradientSession extends AutoCloseable {
    /**
     * The result of one forward and backward pass.
     *
     * @param outputs the graph's outputs, float32
     * @param gradients the gradient of the weighted sum by node name, with the shape of the node's tensor, float32; zeros if the sum
     *     does not depend on the node
     */
    record Pass(Map<String, HostTensor> outputs, Map<String, HostTensor> gradients) {}

    /**
     * Differentiates a weighted sum of an output's elements.
     *
     * @param inputs the graph's inputs by name
     * @param output an output's name
     * @param weights weights of the sum, with the shape of the output
     * @param nodes names of the inputs or computed nodes with respect to which the sum is differentiated
     * @return the outputs and the gradients
     */
    Pass differentiate(Map<String, HostTensor> inputs, String output, HostTensor weights, List<String> nodes);

    /** {@return bytes of native memory that this session holds between passes; 0 once it is closed} */
    long nativeBytes();

    @Override
    void close();
}
