package io.github.hiera4j.model.hieradet;

import java.util.ArrayList;
import java.util.List;

/**
 * The settings of one block of the trunk, computed once in plain Java.
 *
 * @param index position in the trunk, from 0
 * @param stage the stage it belongs to, from 0
 * @param dimOut output channels
 * @param heads attention heads
 * @param widens whether the block changes the number of channels, as the first block of every later stage does
 * @param pools whether the block pools 2 × 2
 * @param window tokens of an attention window along each axis, before any pooling; {@link #GLOBAL} for attention over all tokens
 * @param poolingsLeft number of poolings in this and later blocks
 * @param mlpDim hidden channels of the MLP
 * @param dropPath rate at which each of the block's two branches is dropped during training
 * @param endsStage whether the next block belongs to another stage
 */
record HieraDetBlockPlan(
        int index,
        int stage,
        int dimOut,
        int heads,
        boolean widens,
        boolean pools,
        int window,
        int poolingsLeft,
        int mlpDim,
        double dropPath,
        boolean endsStage) {

    /** The {@code window} of a block that attends over all tokens. */
    static final int GLOBAL = 0;

    /** Returns the plans of all blocks in order. The first block of a stage uses the window of the previous stage. */
    static List<HieraDetBlockPlan> of(HieraDetConfig config) {
        List<HieraDetBlockPlan> plans = new ArrayList<>();
        int dim = config.embedDim();
        int heads = config.numHeads();
        int poolingsLeft = config.qPool();
        int index = 0;
        for (int stage = 0; stage < config.stages().size(); stage++) {
            int blocks = config.stages().get(stage);
            for (int position = 0; position < blocks; position++, index++) {
                boolean opensStage = stage > 0 && position == 0;
                dim = opensStage ? (int) (dim * config.dimMul()) : dim;
                heads = opensStage ? (int) (heads * config.headMul()) : heads;
                boolean pools = opensStage && stage <= config.qPool();
                int window = config.windows().get(opensStage ? stage - 1 : stage);
                plans.add(new HieraDetBlockPlan(
                        index,
                        stage,
                        dim,
                        heads,
                        opensStage && config.dimMul() != 1,
                        pools,
                        config.globalBlocks().contains(index) ? GLOBAL : window,
                        poolingsLeft,
                        (int) (dim * config.mlpRatio()),
                        config.depth() == 1 ? 0 : config.dropPathRate() * index / (config.depth() - 1),
                        position == blocks - 1));
                poolingsLeft -= pools ? 1 : 0;
            }
        }
        return List.copyOf(plans);
    }
}
