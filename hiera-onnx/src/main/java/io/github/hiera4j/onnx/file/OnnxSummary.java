package io.github.hiera4j.onnx.file;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The structure and metadata of an ONNX file, without its weights.
 *
 * @param irVersion version of the file format
 * @param producer the program that wrote it, with its version
 * @param opset version of the standard operators; 0 if it states none
 * @param graph the graph's name
 * @param inputs the inputs of the graph, except those with an initializer
 * @param outputs the outputs of the graph
 * @param operators number of nodes of each kind, by name
 * @param weights the initializers
 * @param metadata the metadata entries
 */
public record OnnxSummary(
        long irVersion,
        String producer,
        long opset,
        String graph,
        List<Port> inputs,
        List<Port> outputs,
        Map<String, Integer> operators,
        List<Weight> weights,
        Map<String, String> metadata) {
    /**
     * Copies the collections.
     *
     * @param irVersion version of the file format
     * @param producer the program that wrote the file
     * @param opset version of the standard operators
     * @param graph the name of the graph
     * @param inputs what the graph is fed
     * @param outputs the outputs of the graph
     * @param operators number of nodes of each kind, by name
     * @param weights the initializers
     * @param metadata the metadata entries
     */
    public OnnxSummary {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        weights = List.copyOf(weights);
    }

    /**
     * An input or output.
     *
     * @param name the name that callers use
     * @param type element type, such as {@code float}; {@code ?} if the file does not state it
     * @param axes for each axis a size, a name, or {@code ?}
     * @param description the description in the file; empty if none
     */
    public record Port(String name, String type, List<String> axes, String description) {}

    /**
     * An initializer.
     *
     * @param name the name of the tensor
     * @param type its element type
     * @param sizes its shape
     * @param file the file that contains its elements; null: this file
     */
    public record Weight(
            String name,
            String type,
            List<Long> sizes,
            @Nullable String file) {
        /** {@return the number of its elements} */
        public long elements() {
            return sizes.stream().reduce(1L, Math::multiplyExact);
        }
    }
}
