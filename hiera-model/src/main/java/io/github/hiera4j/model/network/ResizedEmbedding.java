package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * Two-dimensional position embeddings for any grid: a resized global one, and a tiled one for the positions inside a window
 * (Bolya et al., "Window Attention is Bugged", ICLR 2024). Resizing is linear and separable: one matrix per axis.
 */
public final class ResizedEmbedding {
    private ResizedEmbedding() {}

    /**
     * Resizes {@code [1, C, h, w]} to the grid, with channels last: {@code [1, H, W, C]}.
     *
     * @param g the graph under construction
     * @param coarse the learned embedding
     * @param grid requested rows and columns
     * @param rule the rule for resizing
     * @return the embedding of the grid
     */
    public static Value channelsLast(GraphBuilder g, Value coarse, List<Integer> grid, PositionResizing rule) {
        Value wide = g.matmul(coarse, "pos_embed_width", matrix(g, "width", coarse.size(3), grid.get(1), rule));
        Value turned = g.permute(wide, List.of(0, 1, 3, 2)); // [1, C, W, h]
        Value full = g.matmul(turned, "pos_embed_height", matrix(g, "height", coarse.size(2), grid.get(0), rule));
        return g.permute(full, List.of(0, 3, 2, 1)); // [1, H, W, C]
    }

    /**
     * Adds an embedding {@code [1, C, h, w]} to every window of {@code raster [1, H, W, C]}; h divides H and w divides W.
     *
     * @param g the graph under construction
     * @param raster tokens in raster order
     * @param window the embedding of one window
     * @return the sum
     */
    public static Value plusTiled(GraphBuilder g, Value raster, Value window) {
        int rows = window.size(2);
        int columns = window.size(3);
        int channels = raster.size(3);
        Value tile = g.reshape(g.permute(window, List.of(0, 2, 3, 1)), 1, 1, rows, 1, columns, channels);
        Value split = g.reshape(raster, 1, raster.size(1) / rows, rows, raster.size(2) / columns, columns, channels);
        return g.reshape(g.add(split, tile), raster.shape());
    }

    private static Value matrix(GraphBuilder g, String axis, int from, int to, PositionResizing rule) {
        return g.constant("pos_embed_resize_" + axis, HostTensor.of(Shape.of(to, from), rule.matrix(from, to)));
    }
}
