package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/** The position embedding: a learned vector per position, in one of three factorisations. */
record PositionEmbedding(HieraConfig config) {

    /** Builds the embedding {@code [1, N, C]} in raster order. */
    Value build(GraphBuilder g) {
        if (config.sepPosEmbed()) {
            return separate(g);
        }
        if (config.absWinPosEmbed()) {
            return absoluteWindow(g);
        }
        return g.parameter("pos_embed", Shape.of(1, Axes.product(config.tokenGrid()), config.embedDim()));
    }

    /** Builds space repeated over time plus time repeated over space: {@code [1, T·H·W, C]} (video models). */
    private Value separate(GraphBuilder g) {
        List<Integer> grid = config.tokenGrid();
        int frames = grid.get(0);
        int area = grid.get(1) * grid.get(2);
        int channels = config.embedDim();
        Value spatial = g.parameter("pos_embed_spatial", Shape.of(1, area, channels));
        Value temporal = g.parameter("pos_embed_temporal", Shape.of(1, frames, channels));
        Value sum = g.add(g.reshape(spatial, 1, 1, area, channels), g.reshape(temporal, 1, frames, 1, channels));
        return g.reshape(sum, 1, frames * area, channels);
    }

    /** Builds that of timm's {@code abswin} models: a global embedding resized to the token grid plus one for the positions inside a mask unit. */
    private Value absoluteWindow(GraphBuilder g) {
        List<Integer> grid = config.tokenGrid();
        List<Integer> global = config.globalPosSize();
        List<Integer> unit = config.maskUnitSize();
        int channels = config.embedDim();
        Value coarse = g.parameter("pos_embed", Shape.of(1, channels, global.get(0), global.get(1)));
        Value raster = ResizedEmbedding.channelsLast(g, coarse, grid, PositionResizing.ANTIALIAS); // [1, H, W, C]
        Value window = g.parameter("pos_embed_win", Shape.of(1, channels, unit.get(0), unit.get(1)));
        return g.reshape(ResizedEmbedding.plusTiled(g, raster, window), 1, Axes.product(grid), channels);
    }
}
