package io.github.hiera4j.model.hieradet;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.network.Axes;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The settings of a HieraDet trunk, validated on construction. Stage transitions pool 2 × 2.
 *
 * @param inputSize height and width of the input in pixels; the token grid, {@code ceil(size / patchStride)} with the usual
 *     patches, must be a multiple of {@link #gridMultiple()}
 * @param inChans input channels
 * @param embedDim channels of the first stage
 * @param numHeads attention heads of the first stage
 * @param stages blocks per stage
 * @param qPool number of stage transitions that pool the queries
 * @param windows per stage, tokens of an attention window along each axis. The first block of a stage uses the previous
 *     stage's window
 * @param globalBlocks indices from 0 of the blocks that attend over all tokens; none may be the first of a later stage
 * @param positionGrid rows and columns of the learned position embedding, which is resized to the token grid
 * @param windowEmbedding tokens per axis of the embedding that is tiled over the grid; 0 for none
 * @param dimMul factor on the channels at each stage transition
 * @param headMul factor on the heads at each stage transition
 * @param patchKernel kernel of the patch embedding, both axes
 * @param patchStride stride of the patch embedding, both axes
 * @param patchPadding padding of the patch embedding, both axes
 * @param mlpRatio hidden channels of an MLP, as a multiple of the block's channels
 * @param dropPathRate drop-path rate of the last block; the rates increase linearly from 0
 * @param layerNormEps epsilon of every LayerNorm
 */
public record HieraDetConfig(
        List<Integer> inputSize,
        int inChans,
        int embedDim,
        int numHeads,
        List<Integer> stages,
        int qPool,
        List<Integer> windows,
        Set<Integer> globalBlocks,
        List<Integer> positionGrid,
        int windowEmbedding,
        double dimMul,
        double headMul,
        int patchKernel,
        int patchStride,
        int patchPadding,
        double mlpRatio,
        double dropPathRate,
        double layerNormEps) {

    /**
     * Checks the values and copies the collections.
     *
     * @param inputSize height and width of the input in pixels; the token grid, {@code ceil(size / patchStride)} with the usual
     *     patches, must be a multiple of {@link #gridMultiple()}
     * @param inChans input channels
     * @param embedDim channels of the first stage
     * @param numHeads attention heads of the first stage
     * @param stages blocks per stage
     * @param qPool number of stage transitions that pool the queries
     * @param windows per stage, tokens of an attention window along each axis. The first block of a stage uses the previous
     *     stage's window
     * @param globalBlocks indices from 0 of the blocks that attend over all tokens; none may be the first of a later stage
     * @param positionGrid rows and columns of the learned position embedding, which is resized to the token grid
     * @param windowEmbedding tokens per axis of the embedding that is tiled over the grid; 0 for none
     * @param dimMul factor on the channels at each stage transition
     * @param headMul factor on the heads at each stage transition
     * @param patchKernel kernel of the patch embedding, both axes
     * @param patchStride stride of the patch embedding, both axes
     * @param patchPadding padding of the patch embedding, both axes
     * @param mlpRatio hidden channels of an MLP, as a multiple of the block's channels
     * @param dropPathRate drop-path rate of the last block; the rates increase linearly from 0
     * @param layerNormEps epsilon of every LayerNorm
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public HieraDetConfig {
        inputSize = List.copyOf(inputSize);
        stages = List.copyOf(stages);
        windows = List.copyOf(windows);
        globalBlocks = Set.copyOf(globalBlocks);
        positionGrid = List.copyOf(positionGrid);

        check(inChans >= 1, "in_chans must be at least 1, got %d", inChans);
        check(embedDim >= 1, "embed_dim must be at least 1, got %d", embedDim);
        check(numHeads >= 1, "num_heads must be at least 1, got %d", numHeads);
        check(
                !stages.isEmpty() && stages.size() <= 16 && Collections.min(stages) >= 1,
                "stages must have 1 to 16 entries of at least one block each, got %s",
                stages);
        check(
                stages.stream().mapToLong(Integer::longValue).sum() <= 1000,
                "stages must add up to at most 1000 blocks, got %s",
                stages);
        check(qPool >= 0 && qPool < stages.size(), "q_pool must be from 0 to %d, got %d", stages.size() - 1, qPool);
        check(dimMul > 0 && headMul > 0, "dim_mul and head_mul must be above 0, got %s and %s", dimMul, headMul);
        check(
                patchKernel >= 1 && patchStride >= 1 && patchPadding >= 0,
                "patch_kernel and patch_stride must be at least 1 and patch_padding 0 or more, got %d, %d and %d",
                patchKernel,
                patchStride,
                patchPadding);
        check(mlpRatio > 0, "mlp_ratio must be above 0, got %s", mlpRatio);
        check(dropPathRate >= 0 && dropPathRate < 1, "drop_path_rate must be in [0, 1), got %s", dropPathRate);
        check(layerNormEps > 0, "layer_norm_eps must be above 0, got %s", layerNormEps);
        check(
                positionGrid.size() == 2 && Collections.min(positionGrid) >= 1 && Collections.max(positionGrid) <= 4096,
                "the position grid must have 2 entries from 1 to 4096, got %s",
                positionGrid);
        check(
                windowEmbedding >= 0 && windowEmbedding <= 1024,
                "the window embedding must have 0 to 1024 tokens per axis, got %d",
                windowEmbedding);
        checkWindows(windows, stages, qPool);
        checkGlobalBlocks(globalBlocks, stages);
        checkInput(inputSize, patchKernel, patchStride, patchPadding, gridMultiple(windowEmbedding, qPool));
    }

    private static void checkWindows(List<Integer> windows, List<Integer> stages, int qPool) {
        check(
                windows.size() == stages.size() && Collections.min(windows) >= 1 && Collections.max(windows) <= 1024,
                "windows must have one entry from 1 to 1024 per stage (%d), got %s",
                stages.size(),
                windows);
        for (int stage = 0; stage < qPool; stage++) {
            check(
                    windows.get(stage) % 2 == 0,
                    "the window of stage %d must be even, because the next stage's first block pools inside it; got %s",
                    stage + 1,
                    windows);
        }
    }

    private static void checkGlobalBlocks(Set<Integer> globalBlocks, List<Integer> stages) {
        int first = 0;
        for (int stage = 0; stage < stages.size(); stage++) {
            check(
                    stage == 0 || !globalBlocks.contains(first),
                    "block %d opens stage %d and pools inside windows: it cannot be one of the global blocks %s",
                    first,
                    stage + 1,
                    globalBlocks);
            first += stages.get(stage);
        }
        for (int block : globalBlocks) {
            check(block >= 0 && block < first, "global blocks must be from 0 to %d, got %s", first - 1, globalBlocks);
        }
    }

    private static void checkInput(List<Integer> inputSize, int kernel, int stride, int padding, int multiple) {
        check(inputSize.size() == 2, "input_size must have 2 axes, height and width, got %s", inputSize);
        for (int size : inputSize) {
            check(size >= 1 && size <= 1 << 16, "input_size must be from 1 to %d, got %s", 1 << 16, inputSize);
            int tokens = tokens(size, kernel, stride, padding);
            int below = Math.max(1, tokens / multiple) * multiple * stride;
            check(
                    tokens >= 1 && tokens % multiple == 0,
                    "an input of %s has a grid of %d tokens along an axis of %d pixels, which must be a multiple of %d;"
                            + " the nearest sizes of that axis are %d and %d",
                    inputSize,
                    tokens,
                    size,
                    multiple,
                    below,
                    below + multiple * stride);
        }
    }

    private static int tokens(int size, int kernel, int stride, int padding) {
        return Math.floorDiv(size + 2 * padding - kernel, stride) + 1;
    }

    private static int gridMultiple(int windowEmbedding, int qPool) {
        int multiple = Math.max(1, windowEmbedding);
        for (int pooling = 0; pooling < qPool; pooling++) {
            int shrunk = 1 << (pooling + 1);
            multiple *= multiple % shrunk == 0 ? 1 : 2;
        }
        return multiple;
    }

    /** {@return a builder with the settings of the smallest SAM 2.1 trunk} */
    public static HieraDetConfigBuilder builder() {
        return new HieraDetConfigBuilder();
    }

    /** {@return a builder that starts with these settings} */
    public HieraDetConfigBuilder toBuilder() {
        return new HieraDetConfigBuilder(this);
    }

    /**
     * {@return the same trunk for another input size, on which no parameter depends}
     *
     * @param height in pixels
     * @param width in pixels
     */
    public HieraDetConfig resized(int height, int width) {
        return toBuilder().inputSize(List.of(height, width)).build();
    }

    /** {@return the factor that must divide the token grid along each axis, because of poolings and the tiled window embedding} */
    public int gridMultiple() {
        return gridMultiple(windowEmbedding, qPool);
    }

    /** {@return tokens per axis after the patch embedding} */
    public List<Integer> tokenGrid() {
        return inputSize.stream()
                .map(size -> tokens(size, patchKernel, patchStride, patchPadding))
                .toList();
    }

    /**
     * {@return rows and columns of a stage's map}
     *
     * @param stage index of the stage, from 0
     */
    public List<Integer> stageGrid(int stage) {
        int shrunk = 1 << Math.min(stage, qPool);
        return Axes.divide(tokenGrid(), List.of(shrunk, shrunk));
    }

    /**
     * {@return the number of channels of a stage}
     *
     * @param stage index of the stage, from 0
     */
    public int stageDim(int stage) {
        int dim = embedDim;
        for (int transition = 0; transition < stage; transition++) {
            dim = (int) (dim * dimMul);
        }
        return dim;
    }

    /** {@return the number of blocks of all stages} */
    public int depth() {
        return stages.stream().mapToInt(Integer::intValue).sum();
    }
}
