package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/** Adds what tells a token where it is: a learned vector per position, in one of three factorisations. */
record PositionEmbedding(HieraConfig config) {

    /** Adds the embedding to raster tokens {@code [B, N, C]}. */
    Value add(GraphBuilder g, Value tokens) {
        return g.add(tokens, embedding(g));
    }

    private Value embedding(GraphBuilder g) {
        if (config.sepPosEmbed()) {
            return separate(g);
        }
        if (config.absWinPosEmbed()) {
            return absoluteWindow(g);
        }
        return g.parameter("pos_embed", Shape.of(1, Axes.product(config.tokenGrid()), config.embedDim()));
    }

    /** Space repeated over time plus time repeated over space: {@code [1, T·H·W, C]} (video models). */
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

    /**
     * A global embedding resized to the token grid plus one for the positions inside a mask unit, tiled (Bolya et al.,
     * "Window Attention is Bugged", ICLR 2024; timm's {@code abswin} models). Resizing is linear and separable: one matrix
     * per axis.
     */
    private Value absoluteWindow(GraphBuilder g) {
        List<Integer> grid = config.tokenGrid();
        List<Integer> global = config.globalPosSize();
        List<Integer> unit = config.maskUnitSize();
        List<Integer> units = config.unitGrid();
        int channels = config.embedDim();
        Value coarse = g.parameter("pos_embed", Shape.of(1, channels, global.get(0), global.get(1)));
        Value wide = g.matmul(coarse, "pos_embed_width", resizing(g, "width", global.get(1), grid.get(1)));
        Value turned = g.permute(wide, List.of(0, 1, 3, 2)); // [1, C, W, gridHeight]
        Value full = g.matmul(turned, "pos_embed_height", resizing(g, "height", global.get(0), grid.get(0)));
        Value raster = g.permute(full, List.of(0, 3, 2, 1)); // [1, H, W, C]

        Value window = g.parameter("pos_embed_win", Shape.of(1, channels, unit.get(0), unit.get(1)));
        Value inUnit = g.reshape(g.permute(window, List.of(0, 2, 3, 1)), 1, 1, unit.get(0), 1, unit.get(1), channels);
        Value byUnit = g.reshape(raster, 1, units.get(0), unit.get(0), units.get(1), unit.get(1), channels);
        return g.reshape(g.add(byUnit, inUnit), 1, Axes.product(grid), channels);
    }

    private static Value resizing(GraphBuilder g, String axis, int from, int to) {
        return g.constant("pos_embed_resize_" + axis, HostTensor.of(Shape.of(to, from), bicubicMatrix(from, to)));
    }

    /**
     * The weights of antialiased bicubic resizing (a = -0.5, half-pixel centres; taps outside are dropped and the rest
     * renormalised), row-major {@code [to, from]}.
     */
    static double[] bicubicMatrix(int from, int to) {
        double[] matrix = new double[to * from];
        double scale = (double) from / to;
        double widening = Math.max(scale, 1);
        double support = 2 * widening;
        for (int target = 0; target < to; target++) {
            double centre = (target + 0.5) * scale;
            int first = Math.max((int) (centre - support + 0.5), 0);
            int end = Math.min((int) (centre + support + 0.5), from);
            double total = 0;
            for (int source = first; source < end; source++) {
                double weight = bicubic((source - centre + 0.5) / widening);
                matrix[target * from + source] = weight;
                total += weight;
            }
            for (int source = first; source < end; source++) {
                matrix[target * from + source] /= total;
            }
        }
        return matrix;
    }

    /** Keys' cubic convolution kernel with a = -0.5. */
    private static double bicubic(double distance) {
        double x = Math.abs(distance);
        double a = -0.5;
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
