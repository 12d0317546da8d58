package io.github.hiera4j.model.graph;

import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * One step of a graph: an operation, the nodes it reads, and the shape of the tensor it computes.
 *
 * @param id position in the graph; inputs have smaller ids
 * @param name unique and stable, {@code blocks.3.attn.qkv}; parameters have their official checkpoint names
 */
public record Node(int id, String name, Op op, List<Node> inputs, Shape shape) {
    /**
     * Copies the collections.
     *
     * @param id position in the graph; inputs have smaller ids
     * @param name unique and stable, {@code blocks.3.attn.qkv}; parameters have their official checkpoint names
     * @param op the operation
     * @param inputs the nodes it reads, in the order of its arguments
     * @param shape the shape of its result; the batch may be symbolic
     */
    public Node {
        inputs = List.copyOf(inputs);
    }

    /** {@return the shapes of this node's inputs} */
    public List<Shape> inputShapes() {
        return inputs.stream().map(Node::shape).toList();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return name + " " + shape;
    }
}
