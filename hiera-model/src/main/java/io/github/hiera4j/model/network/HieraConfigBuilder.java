package io.github.hiera4j.model.network;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes single settings of a {@link HieraConfig}, which says what each means; {@link #build} checks the whole. */
public final class HieraConfigBuilder {
    private List<Integer> inputSize = List.of(224, 224);
    private int inChans = 3;
    private int embedDim = 96;
    private int numHeads = 1;
    private int numClasses = 1000;
    private List<Integer> stages = List.of(2, 3, 16, 3);
    private int qPool = 3;
    private List<Integer> qStride = List.of(2, 2);
    private List<Integer> maskUnitSize = List.of(8, 8);
    private List<Boolean> maskUnitAttn = List.of(true, true, false, false);
    private double dimMul = 2.0;
    private double headMul = 2.0;
    private List<Integer> patchKernel = List.of(7, 7);
    private List<Integer> patchStride = List.of(4, 4);
    private List<Integer> patchPadding = List.of(3, 3);
    private double mlpRatio = 4.0;
    private double dropPathRate = 0.0;
    private double headDropout = 0.0;
    private double headInitScale = 0.001;
    private boolean sepPosEmbed = false;
    private double layerNormEps = 1e-6;
    private boolean absWinPosEmbed = false;
    private List<Integer> globalPosSize = List.of();
    private @Nullable Double initValues = null;
    private boolean useExpandProj = true;
    private GlobalPool globalPool = GlobalPool.AVG;
    private boolean finalNorm = true;

    HieraConfigBuilder() {}

    HieraConfigBuilder(HieraConfig config) {
        inputSize = config.inputSize();
        inChans = config.inChans();
        embedDim = config.embedDim();
        numHeads = config.numHeads();
        numClasses = config.numClasses();
        stages = config.stages();
        qPool = config.qPool();
        qStride = config.qStride();
        maskUnitSize = config.maskUnitSize();
        maskUnitAttn = config.maskUnitAttn();
        dimMul = config.dimMul();
        headMul = config.headMul();
        patchKernel = config.patchKernel();
        patchStride = config.patchStride();
        patchPadding = config.patchPadding();
        mlpRatio = config.mlpRatio();
        dropPathRate = config.dropPathRate();
        headDropout = config.headDropout();
        headInitScale = config.headInitScale();
        sepPosEmbed = config.sepPosEmbed();
        layerNormEps = config.layerNormEps();
        absWinPosEmbed = config.absWinPosEmbed();
        globalPosSize = config.globalPosSize();
        initValues = config.initValues();
        useExpandProj = config.useExpandProj();
        globalPool = config.globalPool();
        finalNorm = config.finalNorm();
    }

    /**
     * Sets {@link HieraConfig#inputSize}.
     *
     * @param value size of the input per axis: {@code [H, W]} in pixels, {@code [T, H, W]} of a video; each a multiple of {@code
     *     patchStride × maskUnitSize}
     * @return this builder
     */
    public HieraConfigBuilder inputSize(List<Integer> value) {
        inputSize = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#inChans}.
     *
     * @param value input channels, from 1; 3 for RGB
     * @return this builder
     */
    public HieraConfigBuilder inChans(int value) {
        inChans = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#embedDim}.
     *
     * @param value channels of the first stage, from 1
     * @return this builder
     */
    public HieraConfigBuilder embedDim(int value) {
        embedDim = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#numHeads}.
     *
     * @param value attention heads of the first stage, from 1; each stage's heads divide its channels
     * @return this builder
     */
    public HieraConfigBuilder numHeads(int value) {
        numHeads = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#numClasses}.
     *
     * @param value outputs of the head, the logits {@code [B, numClasses]}; 0 leaves the head out
     * @return this builder
     */
    public HieraConfigBuilder numClasses(int value) {
        numClasses = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#stages}.
     *
     * @param value blocks of each stage, each from 1, at most 1000 together
     * @return this builder
     */
    public HieraConfigBuilder stages(List<Integer> value) {
        stages = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#qPool}.
     *
     * @param value how many of the stage transitions pool the queries, from 0 to one less than the stages
     * @return this builder
     */
    public HieraConfigBuilder qPool(int value) {
        qPool = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#qStride}.
     *
     * @param value pooling stride of a transition per axis, from 1
     * @return this builder
     */
    public HieraConfigBuilder qStride(List<Integer> value) {
        qStride = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#maskUnitSize}.
     *
     * @param value tokens of a mask unit in the first stage per axis: {@code qStride} to the power of the transitions
     * @return this builder
     */
    public HieraConfigBuilder maskUnitSize(List<Integer> value) {
        maskUnitSize = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#maskUnitAttn}.
     *
     * @param value one entry per stage: attention within mask units (true) or over all tokens
     * @return this builder
     */
    public HieraConfigBuilder maskUnitAttn(List<Boolean> value) {
        maskUnitAttn = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#dimMul}.
     *
     * @param value factor on the channels at each stage transition, above 0
     * @return this builder
     */
    public HieraConfigBuilder dimMul(double value) {
        dimMul = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#headMul}.
     *
     * @param value factor on the heads at each stage transition, above 0
     * @return this builder
     */
    public HieraConfigBuilder headMul(double value) {
        headMul = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#patchKernel}.
     *
     * @param value kernel of the patch embedding per axis, in pixels or frames, from 1
     * @return this builder
     */
    public HieraConfigBuilder patchKernel(List<Integer> value) {
        patchKernel = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#patchStride}.
     *
     * @param value stride of the patch embedding per axis, in pixels or frames, from 1
     * @return this builder
     */
    public HieraConfigBuilder patchStride(List<Integer> value) {
        patchStride = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#patchPadding}.
     *
     * @param value zero padding of the patch embedding per axis, from 0; with kernel and stride it gives {@code inputSize /
     *     patchStride} tokens
     * @return this builder
     */
    public HieraConfigBuilder patchPadding(List<Integer> value) {
        patchPadding = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#mlpRatio}.
     *
     * @param value hidden channels of an MLP as a multiple of the block's channels, above 0
     * @return this builder
     */
    public HieraConfigBuilder mlpRatio(double value) {
        mlpRatio = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#dropPathRate}.
     *
     * @param value drop path of the last block, from 0 to below 1; it grows linearly from 0 at the first
     * @return this builder
     */
    public HieraConfigBuilder dropPathRate(double value) {
        dropPathRate = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#headDropout}.
     *
     * @param value dropout before the head, from 0 to below 1
     * @return this builder
     */
    public HieraConfigBuilder headDropout(double value) {
        headDropout = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#headInitScale}.
     *
     * @param value factor on the head's initial weights; training from random weights only
     * @return this builder
     */
    public HieraConfigBuilder headInitScale(double value) {
        headInitScale = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#sepPosEmbed}.
     *
     * @param value separate spatial and temporal position embeddings, {@code [1, H·W, C]} and {@code [1, T, C]} in tokens; video only
     * @return this builder
     */
    public HieraConfigBuilder sepPosEmbed(boolean value) {
        sepPosEmbed = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#layerNormEps}.
     *
     * @param value epsilon that every LayerNorm adds to the variance, above 0
     * @return this builder
     */
    public HieraConfigBuilder layerNormEps(double value) {
        layerNormEps = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#absWinPosEmbed}.
     *
     * @param value timm's absolute-window position embedding: a global one, resized, plus one tiled over mask units; images only
     * @return this builder
     */
    public HieraConfigBuilder absWinPosEmbed(boolean value) {
        absWinPosEmbed = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#globalPosSize}.
     *
     * @param value rows and columns of the global embedding of {@code absWinPosEmbed}; otherwise unused
     * @return this builder
     */
    public HieraConfigBuilder globalPosSize(List<Integer> value) {
        globalPosSize = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#initValues}.
     *
     * @param value initial LayerScale factor of each residual branch; null: no LayerScale
     * @return this builder
     */
    public HieraConfigBuilder initValues(@Nullable Double value) {
        initValues = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#useExpandProj}.
     *
     * @param value widening blocks project the skip; false: they concatenate its maximum and mean
     * @return this builder
     */
    public HieraConfigBuilder useExpandProj(boolean value) {
        useExpandProj = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#globalPool}.
     *
     * @param value how the head makes one vector of all tokens
     * @return this builder
     */
    public HieraConfigBuilder globalPool(GlobalPool value) {
        globalPool = value;
        return this;
    }

    /**
     * Sets {@link HieraConfig#finalNorm}.
     *
     * @param value whether pooled tokens are normalised; a model without this norm gives stage maps only and has no head
     * @return this builder
     */
    public HieraConfigBuilder finalNorm(boolean value) {
        finalNorm = value;
        return this;
    }

    /**
     * Checks the settings together.
     *
     * @return the settings
     */
    public HieraConfig build() {
        return new HieraConfig(
                inputSize,
                inChans,
                embedDim,
                numHeads,
                numClasses,
                stages,
                qPool,
                qStride,
                maskUnitSize,
                maskUnitAttn,
                dimMul,
                headMul,
                patchKernel,
                patchStride,
                patchPadding,
                mlpRatio,
                dropPathRate,
                headDropout,
                headInitScale,
                sepPosEmbed,
                layerNormEps,
                absWinPosEmbed,
                globalPosSize,
                initValues,
                useExpandProj,
                globalPool,
                finalNorm);
    }
}
