package io.github.hiera4j.model.graph;

import io.github.hiera4j.model.tensor.Shape;

/** A handle for a tensor in a graph under construction. */
public record Value(Node node) {
    /** {@return the name of its node} */
    public String name() {
        return node.name();
    }

    /** {@return its shape; the batch may be symbolic} */
    public Shape shape() {
        return node.shape();
    }

    /**
     * {@return the size of an axis; negative axes count from the end}
     *
     * @param axis from 0; negative axes count from the end
     */
    public int size(int axis) {
        return node.shape().size(axis);
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
