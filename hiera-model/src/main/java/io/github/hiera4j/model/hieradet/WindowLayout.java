package io.github.hiera4j.model.hieradet;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.TokenOrder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The order of a grid's tokens, such that attention can read windows as views and pooling is a maximum over a leading axis. Its axes
 * are those of the remaining poolings, then the rest of a window, then the windows. A window of 1 is raster order.
 *
 * <p>If windows do not divide the grid, it is padded with tokens of zeros below and to the right.
 *
 * @param grid rows and columns of real tokens
 * @param window tokens of a window along each axis
 * @param poolings number of 2 × 2 poolings that the order supports; 2^poolings divides the window
 */
record WindowLayout(List<Integer> grid, int window, int poolings) {
    private static final List<Integer> POOLING = List.of(2, 2);

    WindowLayout {
        grid = List.copyOf(grid);
    }

    static WindowLayout raster(List<Integer> grid) {
        return new WindowLayout(grid, 1, 0);
    }

    /** Creates a layout of windows of a grid that supports at most {@code poolingsLeft} poolings. */
    static WindowLayout of(List<Integer> grid, int window, int poolingsLeft) {
        return new WindowLayout(grid, window, Math.min(Integer.numberOfTrailingZeros(window), poolingsLeft));
    }

    /** Returns the number of windows per axis. */
    private List<Integer> windows() {
        return grid.stream().map(tokens -> (tokens + window - 1) / window).toList();
    }

    /** Returns the number of windows of the whole grid. */
    int windowCount() {
        return Axes.product(windows());
    }

    boolean isPadded() {
        return grid.stream().anyMatch(tokens -> tokens % window != 0);
    }

    /** Returns the layout after one pooling. */
    WindowLayout pooled() {
        return new WindowLayout(Axes.divide(grid, POOLING), window / 2, poolings - 1);
    }

    private TokenOrder order() {
        int rest = window >> poolings;
        List<List<Integer>> strides = IntStream.rangeClosed(0, poolings)
                .mapToObj(digit -> digit < poolings ? POOLING : List.of(rest, rest))
                .toList();
        return new TokenOrder(windows(), strides);
    }

    /** Converts {@code [B, h, w, C]} to {@code [B, N, C]} in this order, including padded tokens. */
    Value fromMap(GraphBuilder g, Value map) {
        int channels = map.size(3);
        Value padded = map;
        for (int axis = 1; axis <= 2; axis++) {
            int missing = windows().get(axis - 1) * window - map.size(axis);
            if (missing > 0) {
                Shape shape = padded.shape().withBatch(1).withSize(axis, missing);
                Value zeros = g.constant("padding", HostTensor.allocate(DType.FLOAT32, shape));
                padded = g.concat(axis, padded, zeros);
            }
        }
        Value flat = g.reshape(padded, Shape.batched(padded.size(1) * padded.size(2), channels));
        return order().unroll(g, flat);
    }

    /** Converts {@code [B, N, C]} in this order to {@code [B, h, w, C]}, without padded tokens. */
    Value toMap(GraphBuilder g, Value tokens) {
        Value map = order().reroll(g, tokens, 0);
        return g.slice(g.slice(map, 1, 0, grid.get(0)), 2, 0, grid.get(1));
    }
}
