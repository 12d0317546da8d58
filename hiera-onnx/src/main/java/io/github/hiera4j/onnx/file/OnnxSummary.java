package io.github.hiera4j.onnx.file;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an ONNX file says of itself, without its weights.
 *
 * @param irVersion version of the file format
 * @param producer the program that wrote it, with its version
 * @param opset version of the standard operators; 0 if it states none
 * @param graph the graph's name
 * @param inputs what the graph is fed, without what has an initializer
 * @param outputs what it computes
 * @param operators how many nodes of each kind, by name
 * @param weights the initializers
 * @param metadata as the file has it
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
     * @param outputs what it computes
     * @param operators how many nodes of each kind, by name
     * @param weights the initializers
     * @param metadata as the file has it
     */
    public OnnxSummary {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        weights = List.copyOf(weights);
    }

    /**
     * An input or output.
     *
     * @param name as callers use it
     * @param type of its elements, such as {@code float}; {@code ?} if the file does not say
     * @param axes a size, a name, or {@code ?} each
     * @param description what the file says of it; empty if nothing
     */
    public record Port(String name, String type, List<String> axes, String description) {}

    /**
     * An initializer.
     *
     * @param name of the tensor
     * @param type of its elements
     * @param sizes its shape
     * @param file where its elements lie; null: in this file
     */
    public record Weight(
            String name,
            String type,
            List<Long> sizes,
            @Nullable String file) {
        /** {@return how many elements it has} */
        public long elements() {
            return sizes.stream().reduce(1L, Math::multiplyExact);
        }
    }
}
