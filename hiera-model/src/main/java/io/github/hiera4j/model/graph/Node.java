package io.github.hiera4j.model.graph;

import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * One step of a graph: an operation, the nodes it reads, and the shape of the one tensor it makes.
 *
 * @param id position in the graph; inputs have smaller ids
 * @param name unique and stable, {@code blocks.3.attn.qkv}; parameters have their official checkpoint names
 */
public record Node(int id, String name, Op op, List<Node> inputs, Shape shape) {
    public Node {
        inputs = List.copyOf(inputs);
    }

    /** The shapes of what this node reads. */
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
