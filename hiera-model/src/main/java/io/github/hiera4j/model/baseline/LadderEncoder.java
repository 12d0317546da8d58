package io.github.hiera4j.model.baseline;

import io.github.hiera4j.model.baseline.pooling.PoolingBlock;
import io.github.hiera4j.model.baseline.pooling.PoolingBlockPlan;
import io.github.hiera4j.model.baseline.pooling.PoolingStyle;
import io.github.hiera4j.model.baseline.pooling.TokenGrid;
import io.github.hiera4j.model.baseline.pooling.UnrolledBlock;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.TokenOrder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The blocks of a rung, from pixels to the maps of the stages. */
record LadderEncoder(LadderConfig config) {

    /** Builds the encoder for all tokens; stage maps are {@code [B, (T,) H, W, C]}. */
    HieraEncoder.Result build(GraphBuilder g, Value pixels) {
        HieraEncoder encoder = new HieraEncoder(hiera());
        int units = Axes.product(hiera().unitGrid());
        return switch (config.rung()) {
            case ZERO -> wholeGrid(g, encoder.patches(g, pixels));
            case A, B, C -> byUnit(g, encoder.embed(g, pixels), units, false);
            case D, E -> unrolled(g, encoder.embed(g, pixels), units, false);
            case F -> encoder.build(g, pixels);
        };
    }

    /** Same as {@link HieraEncoder#buildVisible}. */
    HieraEncoder.Result buildVisible(GraphBuilder g, Value pixels, Value visibleUnits, Value visibleTokens) {
        HieraEncoder encoder = new HieraEncoder(hiera());
        if (config.rung() == Rung.F) {
            return encoder.buildVisible(g, pixels, visibleUnits, visibleTokens);
        }
        Value tokens = encoder.embedVisible(g, pixels, visibleUnits, visibleTokens);
        int units = tokens.size(1) / Axes.product(hiera().maskUnitSize());
        return config.rung().overlaps() ? byUnit(g, tokens, units, true) : unrolled(g, tokens, units, true);
    }

    private HieraConfig hiera() {
        return config.hiera();
    }

    private List<PoolingBlockPlan> plans() {
        return PoolingBlockPlan.of(hiera(), true, config.firstKeyStride());
    }

    private PoolingStyle style() {
        Rung rung = config.rung();
        return new PoolingStyle(
                rung.poolsByConvolution(),
                rung.keepsStrideOne(),
                rung.separatesUnits() && config.zeroPadded(),
                hiera().isVideo() ? 3 : 1,
                false,
                rung.hasRelativePositions(),
                true,
                hiera().layerNormEps());
    }

    /** Builds the blocks of MViTv2: one grid, in raster order. */
    private HieraEncoder.Result wholeGrid(GraphBuilder g, Value x) {
        TokenGrid grid = new TokenGrid(1, hiera().tokenGrid(), false);
        List<Value> stages = new ArrayList<>();
        for (PoolingBlockPlan plan : plans()) {
            PoolingBlock block = new PoolingBlock(plan, style(), grid);
            x = block.build(g.scope("blocks." + plan.index()), x);
            grid = block.gridOut();
            if (plan.endsStage()) {
                stages.add(g.reshape(x, Shape.batched(grid.height(), grid.width(), x.size(2))));
            }
        }
        return new HieraEncoder.Result(x, List.copyOf(stages));
    }

    /** Builds blocks with overlapping windows: tokens are ordered unit by unit, in raster order inside each unit. */
    private HieraEncoder.Result byUnit(GraphBuilder g, Value unrolled, int units, boolean masked) {
        Value maps = TokenOrder.of(hiera()).rerollUnits(g, unrolled, units, 0); // [B, units, (t,) h, w, C]
        Value x = g.reshape(maps, unrolled.shape());
        List<Integer> unitSize = hiera().maskUnitSize();
        TokenGrid grid = new TokenGrid(units, unitSize.subList(unitSize.size() - 2, unitSize.size()), false);
        List<Value> stages = new ArrayList<>();
        for (PoolingBlockPlan plan : plans()) {
            PoolingBlock block = new PoolingBlock(plan, style(), grid);
            x = block.build(g.scope("blocks." + plan.index()), x);
            grid = block.gridOut();
            if (plan.endsStage()) {
                GraphBuilder stage = g.scope("stage" + (stages.size() + 1));
                stages.add(masked ? unitMaps(stage, x, grid) : map(stage, x, grid));
            }
        }
        return new HieraEncoder.Result(x, List.copyOf(stages));
    }

    /** Converts tokens to {@code [B, units, (t,) h, w, C]}. */
    private Value unitMaps(GraphBuilder g, Value x, TokenGrid grid) {
        Shape shape = hiera().isVideo()
                ? Shape.batched(grid.groups(), 1, grid.height(), grid.width(), x.size(2))
                : Shape.batched(grid.groups(), grid.height(), grid.width(), x.size(2));
        return g.reshape(x, shape);
    }

    /** Converts tokens to {@code [B, (T,) H, W, C]}. */
    private Value map(GraphBuilder g, Value x, TokenGrid grid) {
        List<Integer> unitGrid = hiera().unitGrid();
        int frames = hiera().isVideo() ? unitGrid.get(0) : 1;
        int unitsY = unitGrid.get(unitGrid.size() - 2);
        int unitsX = unitGrid.get(unitGrid.size() - 1);
        int channels = x.size(2);
        Value split = g.reshape(x, Shape.batched(frames * unitsY, unitsX, grid.height(), grid.width(), channels));
        Value ordered = g.permute(split, List.of(0, 1, 3, 2, 4, 5));
        int height = unitsY * grid.height();
        int width = unitsX * grid.width();
        return g.reshape(
                ordered,
                hiera().isVideo()
                        ? Shape.batched(frames, height, width, channels)
                        : Shape.batched(height, width, channels));
    }

    /** Windows that do not overlap: tokens stay unrolled, and those that are pooled together lie along one axis. */
    private HieraEncoder.Result unrolled(GraphBuilder g, Value x, int units, boolean masked) {
        TokenOrder order = TokenOrder.of(hiera());
        List<Value> stages = new ArrayList<>();
        int poolings = 0;
        for (PoolingBlockPlan plan : plans()) {
            x = new UnrolledBlock(plan, config.rung().addsQueries(), hiera().layerNormEps())
                    .build(g.scope("blocks." + plan.index()), x);
            poolings += plan.poolsQueries() ? 1 : 0;
            if (plan.endsStage()) {
                GraphBuilder stage = g.scope("stage" + (stages.size() + 1));
                stages.add(masked ? order.rerollUnits(stage, x, units, poolings) : order.reroll(stage, x, poolings));
            }
        }
        return new HieraEncoder.Result(x, List.copyOf(stages));
    }
}
