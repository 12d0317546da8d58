package io.github.hiera4j.model.hieradet;

import java.util.List;
import java.util.Set;

/** Changes individual settings of a {@link HieraDetConfig}, which documents them; {@link #build} validates the result. */
public final class HieraDetConfigBuilder {
    private List<Integer> inputSize = List.of(1024, 1024);
    private int inChans = 3;
    private int embedDim = 96;
    private int numHeads = 1;
    private List<Integer> stages = List.of(1, 2, 7, 2);
    private int qPool = 3;
    private List<Integer> windows = List.of(8, 4, 14, 7);
    private Set<Integer> globalBlocks = Set.of(5, 7, 9);
    private List<Integer> positionGrid = List.of(7, 7);
    private int windowEmbedding = 8;
    private double dimMul = 2.0;
    private double headMul = 2.0;
    private int patchKernel = 7;
    private int patchStride = 4;
    private int patchPadding = 3;
    private double mlpRatio = 4.0;
    private double dropPathRate = 0.0;
    private double layerNormEps = 1e-6;

    HieraDetConfigBuilder() {}

    HieraDetConfigBuilder(HieraDetConfig config) {
        inputSize = config.inputSize();
        inChans = config.inChans();
        embedDim = config.embedDim();
        numHeads = config.numHeads();
        stages = config.stages();
        qPool = config.qPool();
        windows = config.windows();
        globalBlocks = config.globalBlocks();
        positionGrid = config.positionGrid();
        windowEmbedding = config.windowEmbedding();
        dimMul = config.dimMul();
        headMul = config.headMul();
        patchKernel = config.patchKernel();
        patchStride = config.patchStride();
        patchPadding = config.patchPadding();
        mlpRatio = config.mlpRatio();
        dropPathRate = config.dropPathRate();
        layerNormEps = config.layerNormEps();
    }

    /**
     * Sets {@link HieraDetConfig#inputSize}.
     *
     * @param value height and width of the input in pixels; the token grid, {@code ceil(size / patchStride)} with the usual patches,
     *     must be a multiple of {@link HieraDetConfig#gridMultiple()}
     * @return this builder
     */
    public HieraDetConfigBuilder inputSize(List<Integer> value) {
        inputSize = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#inChans}.
     *
     * @param value input channels
     * @return this builder
     */
    public HieraDetConfigBuilder inChans(int value) {
        inChans = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#embedDim}.
     *
     * @param value channels of the first stage
     * @return this builder
     */
    public HieraDetConfigBuilder embedDim(int value) {
        embedDim = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#numHeads}.
     *
     * @param value attention heads of the first stage
     * @return this builder
     */
    public HieraDetConfigBuilder numHeads(int value) {
        numHeads = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#stages}.
     *
     * @param value blocks per stage
     * @return this builder
     */
    public HieraDetConfigBuilder stages(List<Integer> value) {
        stages = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#qPool}.
     *
     * @param value number of stage transitions that pool the queries
     * @return this builder
     */
    public HieraDetConfigBuilder qPool(int value) {
        qPool = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#windows}.
     *
     * @param value per stage, tokens of an attention window along each axis. The first block of a stage uses the previous stage's window
     * @return this builder
     */
    public HieraDetConfigBuilder windows(List<Integer> value) {
        windows = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#globalBlocks}.
     *
     * @param value indices from 0 of the blocks that attend over all tokens; none may be the first of a later stage
     * @return this builder
     */
    public HieraDetConfigBuilder globalBlocks(Set<Integer> value) {
        globalBlocks = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#positionGrid}.
     *
     * @param value rows and columns of the learned position embedding, which is resized to the token grid
     * @return this builder
     */
    public HieraDetConfigBuilder positionGrid(List<Integer> value) {
        positionGrid = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#windowEmbedding}.
     *
     * @param value tokens per axis of the embedding that is tiled over the grid; 0 for none
     * @return this builder
     */
    public HieraDetConfigBuilder windowEmbedding(int value) {
        windowEmbedding = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#dimMul}.
     *
     * @param value factor on the channels at each stage transition
     * @return this builder
     */
    public HieraDetConfigBuilder dimMul(double value) {
        dimMul = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#headMul}.
     *
     * @param value factor on the heads at each stage transition
     * @return this builder
     */
    public HieraDetConfigBuilder headMul(double value) {
        headMul = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#patchKernel}.
     *
     * @param value kernel of the patch embedding, both axes
     * @return this builder
     */
    public HieraDetConfigBuilder patchKernel(int value) {
        patchKernel = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#patchStride}.
     *
     * @param value stride of the patch embedding, both axes
     * @return this builder
     */
    public HieraDetConfigBuilder patchStride(int value) {
        patchStride = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#patchPadding}.
     *
     * @param value padding of the patch embedding, both axes
     * @return this builder
     */
    public HieraDetConfigBuilder patchPadding(int value) {
        patchPadding = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#mlpRatio}.
     *
     * @param value hidden channels of an MLP, as a multiple of the block's channels
     * @return this builder
     */
    public HieraDetConfigBuilder mlpRatio(double value) {
        mlpRatio = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#dropPathRate}.
     *
     * @param value drop-path rate of the last block; the rates increase linearly from 0
     * @return this builder
     */
    public HieraDetConfigBuilder dropPathRate(double value) {
        dropPathRate = value;
        return this;
    }

    /**
     * Sets {@link HieraDetConfig#layerNormEps}.
     *
     * @param value epsilon of every LayerNorm
     * @return this builder
     */
    public HieraDetConfigBuilder layerNormEps(double value) {
        layerNormEps = value;
        return this;
    }

    /**
     * Builds the configuration; throws a {@code HieraException} that says which setting is wrong and what was expected.
     *
     * @return the settings
     */
    public HieraDetConfig build() {
        return new HieraDetConfig(
                inputSize,
                inChans,
                embedDim,
                numHeads,
                stages,
                qPool,
                windows,
                globalBlocks,
                positionGrid,
                windowEmbedding,
                dimMul,
                headMul,
                patchKernel,
                patchStride,
                patchPadding,
                mlpRatio,
                dropPathRate,
                layerNormEps);
    }
}
