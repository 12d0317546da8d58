package io.github.hiera4j.model.graph;

import io.github.hiera4j.model.tensor.Shape;

/** A handle on a tensor inside a graph that is being built. */
public record Value(Node node) {
    public String name() {
        return node.name();
    }

    public Shape shape() {
        return node.shape();
    }

    /** The size of an axis; negative axes count from the end. */
    public int size(int axis) {
        return node.shape().size(axis);
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
