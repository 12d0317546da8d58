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

    public HieraConfigBuilder inputSize(List<Integer> value) {
        inputSize = value;
        return this;
    }

    public HieraConfigBuilder inChans(int value) {
        inChans = value;
        return this;
    }

    public HieraConfigBuilder embedDim(int value) {
        embedDim = value;
        return this;
    }

    public HieraConfigBuilder numHeads(int value) {
        numHeads = value;
        return this;
    }

    public HieraConfigBuilder numClasses(int value) {
        numClasses = value;
        return this;
    }

    public HieraConfigBuilder stages(List<Integer> value) {
        stages = value;
        return this;
    }

    public HieraConfigBuilder qPool(int value) {
        qPool = value;
        return this;
    }

    public HieraConfigBuilder qStride(List<Integer> value) {
        qStride = value;
        return this;
    }

    public HieraConfigBuilder maskUnitSize(List<Integer> value) {
        maskUnitSize = value;
        return this;
    }

    public HieraConfigBuilder maskUnitAttn(List<Boolean> value) {
        maskUnitAttn = value;
        return this;
    }

    public HieraConfigBuilder dimMul(double value) {
        dimMul = value;
        return this;
    }

    public HieraConfigBuilder headMul(double value) {
        headMul = value;
        return this;
    }

    public HieraConfigBuilder patchKernel(List<Integer> value) {
        patchKernel = value;
        return this;
    }

    public HieraConfigBuilder patchStride(List<Integer> value) {
        patchStride = value;
        return this;
    }

    public HieraConfigBuilder patchPadding(List<Integer> value) {
        patchPadding = value;
        return this;
    }

    public HieraConfigBuilder mlpRatio(double value) {
        mlpRatio = value;
        return this;
    }

    public HieraConfigBuilder dropPathRate(double value) {
        dropPathRate = value;
        return this;
    }

    public HieraConfigBuilder headDropout(double value) {
        headDropout = value;
        return this;
    }

    public HieraConfigBuilder headInitScale(double value) {
        headInitScale = value;
        return this;
    }

    public HieraConfigBuilder sepPosEmbed(boolean value) {
        sepPosEmbed = value;
        return this;
    }

    public HieraConfigBuilder layerNormEps(double value) {
        layerNormEps = value;
        return this;
    }

    public HieraConfigBuilder absWinPosEmbed(boolean value) {
        absWinPosEmbed = value;
        return this;
    }

    public HieraConfigBuilder globalPosSize(List<Integer> value) {
        globalPosSize = value;
        return this;
    }

    public HieraConfigBuilder initValues(@Nullable Double value) {
        initValues = value;
        return this;
    }

    public HieraConfigBuilder useExpandProj(boolean value) {
        useExpandProj = value;
        return this;
    }

    public HieraConfigBuilder globalPool(GlobalPool value) {
        globalPool = value;
        return this;
    }

    public HieraConfigBuilder finalNorm(boolean value) {
        finalNorm = value;
        return this;
    }

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
