package io.github.hiera4j.model.hieradet;

import java.util.List;
import java.util.Set;

/** Changes single settings of a {@link HieraDetConfig}, which says what each means; {@link #build} checks the whole. */
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

    public HieraDetConfigBuilder inputSize(List<Integer> value) {
        inputSize = value;
        return this;
    }

    public HieraDetConfigBuilder inChans(int value) {
        inChans = value;
        return this;
    }

    public HieraDetConfigBuilder embedDim(int value) {
        embedDim = value;
        return this;
    }

    public HieraDetConfigBuilder numHeads(int value) {
        numHeads = value;
        return this;
    }

    public HieraDetConfigBuilder stages(List<Integer> value) {
        stages = value;
        return this;
    }

    public HieraDetConfigBuilder qPool(int value) {
        qPool = value;
        return this;
    }

    public HieraDetConfigBuilder windows(List<Integer> value) {
        windows = value;
        return this;
    }

    public HieraDetConfigBuilder globalBlocks(Set<Integer> value) {
        globalBlocks = value;
        return this;
    }

    public HieraDetConfigBuilder positionGrid(List<Integer> value) {
        positionGrid = value;
        return this;
    }

    public HieraDetConfigBuilder windowEmbedding(int value) {
        windowEmbedding = value;
        return this;
    }

    public HieraDetConfigBuilder dimMul(double value) {
        dimMul = value;
        return this;
    }

    public HieraDetConfigBuilder headMul(double value) {
        headMul = value;
        return this;
    }

    public HieraDetConfigBuilder patchKernel(int value) {
        patchKernel = value;
        return this;
    }

    public HieraDetConfigBuilder patchStride(int value) {
        patchStride = value;
        return this;
    }

    public HieraDetConfigBuilder patchPadding(int value) {
        patchPadding = value;
        return this;
    }

    public HieraDetConfigBuilder mlpRatio(double value) {
        mlpRatio = value;
        return this;
    }

    public HieraDetConfigBuilder dropPathRate(double value) {
        dropPathRate = value;
        return this;
    }

    public HieraDetConfigBuilder layerNormEps(double value) {
        layerNormEps = value;
        return this;
    }

    /** Throws a {@code HieraException} that says which setting is wrong and what was expected. */
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
