package io.github.hiera4j.model.network;

import java.util.ArrayList;
import java.util.List;

/**
 * The settings of one transformer block, computed once in plain Java.
 *
 * @param index position in the encoder, from 0
 * @param stage the stage it belongs to, from 0
 * @param dim input channels
 * @param dimOut output channels
 * @param heads attention heads
 * @param queryPool number of tokens that are pooled to one in this block; 1 if it does not pool
 * @param windowTokens tokens of an attention window after pooling; {@link #GLOBAL} for attention over all tokens
 * @param mlpDim hidden channels of the MLP
 * @param dropPath rate at which each of the block's two branches is dropped during training
 * @param endsStage whether the next block belongs to another stage
 */
public record BlockPlan(
        int index,
        int stage,
        int dim,
        int dimOut,
        int heads,
        int queryPool,
        int windowTokens,
        int mlpDim,
        double dropPath,
        boolean endsStage) {

    /** The {@code windowTokens} of a block that attends over all tokens. */
    public static final int GLOBAL = 0;

    /** {@return whether the block changes the number of channels, as the first block of every later stage does} */
    public boolean widens() {
        return dim != dimOut;
    }

    /**
     * {@return the number of attention windows for the given number of incoming tokens}
     *
     * @param tokens tokens of the block
     */
    public int windows(int tokens) {
        return windowTokens == GLOBAL ? 1 : tokens / (windowTokens * queryPool);
    }

    /**
     * {@return the plans of all blocks of an encoder, in order} <p>Two rules are easy to get wrong (paper §3.1 and the released code). A
     * mask unit shrinks with each pooling, and a block uses the size after its own pooling. Whether a block attends within mask units is
     * determined by the stage <em>before</em> the transition: the first block of the first global stage still attends within units.
     *
     * @param config the settings of the encoder
     */
    public static List<BlockPlan> of(HieraConfig config) {
        List<BlockPlan> plans = new ArrayList<>();
        int depth = config.depth();
        int dim = config.embedDim();
        int heads = config.numHeads();
        int windowTokens = Axes.product(config.maskUnitSize());
        int index = 0;
        for (int stage = 0; stage < config.stages().size(); stage++) {
            for (int position = 0; position < config.stages().get(stage); position++, index++) {
                boolean opensStage = stage > 0 && position == 0;
                int dimOut = opensStage ? (int) (dim * config.dimMul()) : dim;
                heads = opensStage ? (int) (heads * config.headMul()) : heads;
                int queryPool = opensStage && stage <= config.qPool() ? Axes.product(config.qStride()) : 1;
                windowTokens /= queryPool;
                boolean withinUnits = config.maskUnitAttn().get(opensStage ? stage - 1 : stage);
                plans.add(new BlockPlan(
                        index,
                        stage,
                        dim,
                        dimOut,
                        heads,
                        queryPool,
                        withinUnits ? windowTokens : GLOBAL,
                        (int) (dimOut * config.mlpRatio()),
                        depth == 1 ? 0 : config.dropPathRate() * index / (depth - 1),
                        position == config.stages().get(stage) - 1));
                dim = dimOut;
            }
        }
        return List.copyOf(plans);
    }

    /**
     * {@return the plan of a decoder block, which neither widens nor pools and attends over all tokens}
     *
     * @param index from 0
     * @param dim channels
     * @param heads attention heads
     * @param mlpRatio hidden channels as a multiple of the channels
     */
    public static BlockPlan plain(int index, int dim, int heads, double mlpRatio) {
        return new BlockPlan(index, 0, dim, dim, heads, 1, GLOBAL, (int) (dim * mlpRatio), 0, false);
    }
}
