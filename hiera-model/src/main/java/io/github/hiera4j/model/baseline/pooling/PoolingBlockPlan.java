package io.github.hiera4j.model.baseline.pooling;

import io.github.hiera4j.model.network.HieraConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The settings of one block with pooled attention.
 *
 * @param index position in the model, from 0
 * @param stage its stage, from 0
 * @param dim input channels
 * @param attentionDim channels after attention
 * @param dimOut output channels
 * @param heads attention heads
 * @param queryStride stride of the queries per axis (height, width)
 * @param keyStride stride of keys and values per axis (height, width), on the grid before queries are pooled
 * @param dropPath rate at which each of the two branches is dropped during training
 * @param endsStage whether the next block belongs to another stage
 */
public record PoolingBlockPlan(
        int index,
        int stage,
        int dim,
        int attentionDim,
        int dimOut,
        int heads,
        List<Integer> queryStride,
        List<Integer> keyStride,
        double dropPath,
        boolean endsStage) {

    /** Hidden channels of the MLP per input channel. */
    public static final int MLP_RATIO = 4;

    /**
     * Creates the plans of all blocks.
     *
     * @param config the model
     * @param widensInAttention whether the first block of a stage widens in its attention; otherwise the last block of the previous
     *     stage widens in its MLP
     * @param firstKeyStride stride of keys and values in the first stage per axis; each pooling of queries divides it, down to 1
     * @return the plans, in order
     */
    public static List<PoolingBlockPlan> of(
            HieraConfig config, boolean widensInAttention, List<Integer> firstKeyStride) {
        List<PoolingBlockPlan> plans = new ArrayList<>();
        List<Integer> queryPool = config.qStride().subList(config.axes() - 2, config.axes());
        List<Integer> one = List.of(1, 1);
        List<Integer> keyStride = firstKeyStride;
        int dim = config.embedDim();
        int heads = config.numHeads();
        int index = 0;
        for (int stage = 0; stage < config.stages().size(); stage++) {
            int depth = config.stages().get(stage);
            for (int position = 0; position < depth; position++, index++) {
                boolean opens = stage > 0 && position == 0;
                boolean ends = position == depth - 1;
                boolean isLastStage = stage == config.stages().size() - 1;
                boolean pools = opens && stage <= config.qPool();
                heads = opens ? (int) (heads * config.headMul()) : heads;
                if (pools) {
                    keyStride = divided(keyStride, queryPool);
                }
                int attentionDim = opens && widensInAttention ? (int) (dim * config.dimMul()) : dim;
                int dimOut = ends && !isLastStage && !widensInAttention
                        ? (int) (attentionDim * config.dimMul())
                        : attentionDim;
                double dropPath = config.depth() == 1 ? 0 : config.dropPathRate() * index / (config.depth() - 1);
                plans.add(new PoolingBlockPlan(
                        index,
                        stage,
                        dim,
                        attentionDim,
                        dimOut,
                        heads,
                        pools ? queryPool : one,
                        keyStride,
                        dropPath,
                        ends));
                dim = dimOut;
            }
        }
        return List.copyOf(plans);
    }

    private static List<Integer> divided(List<Integer> stride, List<Integer> by) {
        return IntStream.range(0, stride.size())
                .mapToObj(axis -> Math.max(1, stride.get(axis) / by.get(axis)))
                .toList();
    }

    /** {@return whether the block reduces the number of queries} */
    public boolean poolsQueries() {
        return isStrided(queryStride);
    }

    static boolean isStrided(List<Integer> stride) {
        return stride.stream().anyMatch(step -> step > 1);
    }
}
