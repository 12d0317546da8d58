package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The hierarchical encoder: patches, positions, unrolling, blocks. Shared by the classifier and the masked autoencoder. */
public record HieraEncoder(HieraConfig config) {

    /** The name of the input: normalised pixels {@code [B, C, (T,) H, W]}. */
    public static final String INPUT = "input";

    /** The tokens after the last block, and the map at the end of each stage in spatial order. */
    public record Result(Value tokens, List<Value> stages) {}

    /**
     * Declares the input pixels.
     *
     * @param g the graph under construction
     * @return the pixels
     */
    public Value input(GraphBuilder g) {
        List<Integer> sizes = new ArrayList<>(config.inputSize());
        sizes.add(0, config.inChans());
        return g.input(
                INPUT, Shape.batched(sizes.stream().mapToInt(Integer::intValue).toArray()));
    }

    /**
     * {@return all tokens; stage maps are {@code [B, (T,) H, W, C]}}
     *
     * @param g the graph under construction
     * @param pixels {@code [B, C, (T,) H, W]}
     */
    public Result build(GraphBuilder g, Value pixels) {
        return blocks(g, embed(g, pixels), Axes.product(config.unitGrid()), false);
    }

    /**
     * {@return the tokens of visible mask units only; stage maps are {@code [B, visible units, (t,) h, w, C]}}
     *
     * @param g the graph under construction
     * @param pixels {@code [B, C, (T,) H, W]}
     * @param visibleUnits {@code [B, units]}, 1 visible and 0 hidden
     * @param visibleTokens {@code [B, visible tokens]}, indices into the unrolled tokens
     */
    public Result buildVisible(GraphBuilder g, Value pixels, Value visibleUnits, Value visibleTokens) {
        Value tokens = embedVisible(g, pixels, visibleUnits, visibleTokens);
        int units = tokens.size(1) / Axes.product(config.maskUnitSize());
        return blocks(g, tokens, units, true);
    }

    /**
     * {@return the unrolled tokens of visible mask units, {@code [B, visible tokens, embedDim]}}
     *
     * @param g the graph under construction
     * @param pixels normalised pixels {@code [B, 3, (T,) H, W]}
     * @param visibleUnits see {@link #buildVisible}
     * @param visibleTokens see {@link #buildVisible}
     */
    public Value embedVisible(GraphBuilder g, Value pixels, Value visibleUnits, Value visibleTokens) {
        Value hidden = new PatchEmbedding(config).hide(g, pixels, visibleUnits);
        return g.gatherTokens(embed(g, hidden), visibleTokens);
    }

    /**
     * {@return the position embedding added to the patches, {@code [1, N, embedDim]} in raster order; it depends only on weights}
     *
     * @param g the graph under construction
     */
    public Value positions(GraphBuilder g) {
        return new PositionEmbedding(config).build(g);
    }

    /**
     * {@return unrolled tokens {@code [B, N, embedDim]}, with positions}
     *
     * @param g the graph under construction
     * @param pixels normalised pixels {@code [B, 3, (T,) H, W]}
     */
    public Value embed(GraphBuilder g, Value pixels) {
        Value patches = patches(g, pixels);
        Value placed = g.add(patches, positions(g));
        return TokenOrder.of(config).unroll(g, placed);
    }

    /**
     * {@return patches {@code [B, N, embedDim]} in raster order, without positions}
     *
     * @param g the graph under construction
     * @param pixels normalised pixels {@code [B, 3, (T,) H, W]}
     */
    public Value patches(GraphBuilder g, Value pixels) {
        return new PatchEmbedding(config).build(g, pixels);
    }

    private Result blocks(GraphBuilder g, Value x, int units, boolean masked) {
        TokenOrder order = TokenOrder.of(config);
        List<Value> stages = new ArrayList<>();
        int poolings = 0;
        for (BlockPlan plan : BlockPlan.of(config)) {
            x = new HieraBlock(plan, config).build(g.scope("blocks." + plan.index()), x);
            poolings += plan.queryPool() > 1 ? 1 : 0;
            if (plan.endsStage()) {
                GraphBuilder stage = g.scope("stage" + (stages.size() + 1));
                stages.add(masked ? order.rerollUnits(stage, x, units, poolings) : order.reroll(stage, x, poolings));
            }
        }
        return new Result(x, List.copyOf(stages));
    }
}
