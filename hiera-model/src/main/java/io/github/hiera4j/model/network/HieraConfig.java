package io.github.hiera4j.model.network;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All settings of a Hiera encoder (paper §3, Table 1), checked on construction.
 *
 * <p>Lists have one entry per spatial axis, in the order (time,) height, width; one to three axes are supported. A
 * configuration that exists is valid: inputs divide into patches, patches into mask units, and mask units shrink to one
 * token along every pooling stride.
 *
 * @param inputSize size of the input per axis: {@code [H, W]} in pixels, {@code [T, H, W]} of a video; each a multiple of {@code
 *     patchStride × maskUnitSize}
 * @param inChans input channels, from 1; 3 for RGB
 * @param embedDim channels of the first stage, from 1
 * @param numHeads attention heads of the first stage, from 1; each stage's heads divide its channels
 * @param numClasses outputs of the head, the logits {@code [B, numClasses]}; 0 leaves the head out
 * @param stages blocks of each stage, each from 1, at most 1000 together
 * @param qPool how many of the stage transitions pool the queries, from 0 to one less than the stages
 * @param qStride pooling stride of a transition per axis, from 1
 * @param maskUnitSize tokens of a mask unit in the first stage per axis: {@code qStride} to the power of the transitions
 * @param maskUnitAttn one entry per stage: attention within mask units (true) or over all tokens
 * @param dimMul factor on the channels at each stage transition, above 0
 * @param headMul factor on the heads at each stage transition, above 0
 * @param patchKernel kernel of the patch embedding per axis, in pixels or frames, from 1
 * @param patchStride stride of the patch embedding per axis, in pixels or frames, from 1
 * @param patchPadding zero padding of the patch embedding per axis, from 0; with kernel and stride it gives {@code inputSize /
 *     patchStride} tokens
 * @param mlpRatio hidden channels of an MLP as a multiple of the block's channels, above 0
 * @param dropPathRate drop path of the last block, from 0 to below 1; it grows linearly from 0 at the first
 * @param headDropout dropout before the head, from 0 to below 1
 * @param headInitScale factor on the head's initial weights; training from random weights only
 * @param sepPosEmbed separate spatial and temporal position embeddings, {@code [1, H·W, C]} and {@code [1, T, C]} in tokens; video only
 * @param layerNormEps epsilon that every LayerNorm adds to the variance, above 0
 * @param absWinPosEmbed timm's absolute-window position embedding: a global one, resized, plus one tiled over mask units; images only
 * @param globalPosSize rows and columns of the global embedding of {@code absWinPosEmbed}; otherwise unused
 * @param initValues initial LayerScale factor of each residual branch; null: no LayerScale
 * @param useExpandProj widening blocks project the skip; false: they concatenate its maximum and mean
 * @param globalPool how the head makes one vector of all tokens
 * @param finalNorm whether pooled tokens are normalised; a model without this norm gives stage maps only and has no head
 */
public record HieraConfig(
        List<Integer> inputSize,
        int inChans,
        int embedDim,
        int numHeads,
        int numClasses,
        List<Integer> stages,
        int qPool,
        List<Integer> qStride,
        List<Integer> maskUnitSize,
        List<Boolean> maskUnitAttn,
        double dimMul,
        double headMul,
        List<Integer> patchKernel,
        List<Integer> patchStride,
        List<Integer> patchPadding,
        double mlpRatio,
        double dropPathRate,
        double headDropout,
        double headInitScale,
        boolean sepPosEmbed,
        double layerNormEps,
        boolean absWinPosEmbed,
        List<Integer> globalPosSize,
        @Nullable Double initValues,
        boolean useExpandProj,
        GlobalPool globalPool,
        boolean finalNorm)
        implements ModelConfig {
    /** Pixels or frames along an axis that {@link #resized} accepts at most. */
    private static final int LARGEST_INPUT = 1 << 16;

    /**
     * Checks the values and copies the collections.
     *
     * @param inputSize size of the input per axis: {@code [H, W]} in pixels, {@code [T, H, W]} of a video; each a multiple of {@code
     *     patchStride × maskUnitSize}
     * @param inChans input channels, from 1; 3 for RGB
     * @param embedDim channels of the first stage, from 1
     * @param numHeads attention heads of the first stage, from 1; each stage's heads divide its channels
     * @param numClasses outputs of the head, the logits {@code [B, numClasses]}; 0 leaves the head out
     * @param stages blocks of each stage, each from 1, at most 1000 together
     * @param qPool how many of the stage transitions pool the queries, from 0 to one less than the stages
     * @param qStride pooling stride of a transition per axis, from 1
     * @param maskUnitSize tokens of a mask unit in the first stage per axis: {@code qStride} to the power of the transitions
     * @param maskUnitAttn one entry per stage: attention within mask units (true) or over all tokens
     * @param dimMul factor on the channels at each stage transition, above 0
     * @param headMul factor on the heads at each stage transition, above 0
     * @param patchKernel kernel of the patch embedding per axis, in pixels or frames, from 1
     * @param patchStride stride of the patch embedding per axis, in pixels or frames, from 1
     * @param patchPadding zero padding of the patch embedding per axis, from 0; with kernel and stride it gives {@code inputSize /
     *     patchStride} tokens
     * @param mlpRatio hidden channels of an MLP as a multiple of the block's channels, above 0
     * @param dropPathRate drop path of the last block, from 0 to below 1; it grows linearly from 0 at the first
     * @param headDropout dropout before the head, from 0 to below 1
     * @param headInitScale factor on the head's initial weights; training from random weights only
     * @param sepPosEmbed separate spatial and temporal position embeddings, {@code [1, H·W, C]} and {@code [1, T, C]} in tokens; video
     *     only
     * @param layerNormEps epsilon that every LayerNorm adds to the variance, above 0
     * @param absWinPosEmbed timm's absolute-window position embedding: a global one, resized, plus one tiled over mask units; images
     *     only
     * @param globalPosSize rows and columns of the global embedding of {@code absWinPosEmbed}; otherwise unused
     * @param initValues initial LayerScale factor of each residual branch; null: no LayerScale
     * @param useExpandProj widening blocks project the skip; false: they concatenate its maximum and mean
     * @param globalPool how the head makes one vector of all tokens
     * @param finalNorm whether pooled tokens are normalised; a model without this norm gives stage maps only and has no head
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public HieraConfig {
        inputSize = List.copyOf(inputSize);
        stages = List.copyOf(stages);
        qStride = List.copyOf(qStride);
        maskUnitSize = List.copyOf(maskUnitSize);
        maskUnitAttn = List.copyOf(maskUnitAttn);
        patchKernel = List.copyOf(patchKernel);
        patchStride = List.copyOf(patchStride);
        patchPadding = List.copyOf(patchPadding);
        globalPosSize = List.copyOf(globalPosSize);

        int axes = inputSize.size();
        check(axes >= 1 && axes <= 3, "input_size must have 1 to 3 axes, got %s", inputSize);
        AxisChecks.requireEntries("q_stride", qStride, axes, 1);
        AxisChecks.requireEntries("mask_unit_size", maskUnitSize, axes, 1);
        AxisChecks.requireEntries("patch_kernel", patchKernel, axes, 1);
        AxisChecks.requireEntries("patch_stride", patchStride, axes, 1);
        AxisChecks.requireEntries("patch_padding", patchPadding, axes, 0);
        check(inChans >= 1, "in_chans must be at least 1, got %d", inChans);
        check(embedDim >= 1, "embed_dim must be at least 1, got %d", embedDim);
        check(numHeads >= 1, "num_heads must be at least 1, got %d", numHeads);
        check(numClasses >= 0, "num_classes must be 0 or more, got %d", numClasses);
        check(
                !stages.isEmpty() && Collections.min(stages) >= 1,
                "stages must name at least one block each, got %s",
                stages);
        check(
                stages.stream().mapToLong(Integer::longValue).sum() <= 1000,
                "stages must add up to at most 1000 blocks, got %s",
                stages);
        check(qPool >= 0 && qPool < stages.size(), "q_pool must be from 0 to %d, got %d", stages.size() - 1, qPool);
        check(
                maskUnitAttn.size() == stages.size(),
                "mask_unit_attn must have one entry per stage (%d), got %s",
                stages.size(),
                maskUnitAttn);
        check(dimMul > 0 && headMul > 0, "dim_mul and head_mul must be above 0, got %s and %s", dimMul, headMul);
        check(mlpRatio > 0, "mlp_ratio must be above 0, got %s", mlpRatio);
        check(dropPathRate >= 0 && dropPathRate < 1, "drop_path_rate must be in [0, 1), got %s", dropPathRate);
        check(headDropout >= 0 && headDropout < 1, "head_dropout must be in [0, 1), got %s", headDropout);
        check(layerNormEps > 0, "layer_norm_eps must be above 0, got %s", layerNormEps);
        check(finalNorm || numClasses == 0, "a model without a final norm has no head: num_classes is %d", numClasses);
        check(!sepPosEmbed || axes == 3, "sep_pos_embed needs a time axis: input_size has %d axes", axes);
        check(!(sepPosEmbed && absWinPosEmbed), "sep_pos_embed and abs_win_pos_embed exclude each other");
        check(!absWinPosEmbed || axes == 2, "abs_win_pos_embed needs a 2-D input, got input_size %s", inputSize);
        if (absWinPosEmbed) {
            AxisChecks.requireEntries("global_pos_size", globalPosSize, axes, 1);
        }
        for (int axis = 0; axis < axes; axis++) {
            AxisChecks.requireGeometry(
                    axis, inputSize, patchStride, patchKernel, patchPadding, maskUnitSize, qStride, stages.size());
        }
    }

    /** {@return a builder with the image models' settings (paper Table 1): 224 × 224, 7 × 7 patches with stride 4} */
    public static HieraConfigBuilder image() {
        return new HieraConfigBuilder();
    }

    /** {@return a builder with the video models' settings: 16 frames of 224 × 224, separate position embeddings, 400 classes} */
    public static HieraConfigBuilder video() {
        return new HieraConfigBuilder()
                .inputSize(List.of(16, 224, 224))
                .qStride(List.of(1, 2, 2))
                .maskUnitSize(List.of(1, 8, 8))
                .patchKernel(List.of(3, 7, 7))
                .patchStride(List.of(2, 4, 4))
                .patchPadding(List.of(1, 3, 3))
                .sepPosEmbed(true)
                .numClasses(400);
    }

    /**
     * {@return the same model at another input size} Learned position embeddings have another shape there: {@code ResizedWeights} gives them.
     *
     * @param size pixels (and frames) per axis
     * @throws io.github.hiera4j.model.HieraException that names the nearest sizes if the model cannot take this one
     */
    public HieraConfig resized(List<Integer> size) {
        check(
                size.size() == axes(),
                "expected an input size with %d axes, as the model's own %s, got %s",
                axes(),
                inputSize,
                size);
        List<Integer> multiple = inputMultiple();
        for (int axis = 0; axis < axes(); axis++) {
            int wanted = size.get(axis);
            int step = multiple.get(axis);
            int below = Math.max(1, wanted / step) * step;
            check(
                    wanted >= 1 && wanted % step == 0 && wanted <= LARGEST_INPUT,
                    "an input of %s does not fit the model: axis %d must be a multiple of %d, and at most %d;"
                            + " the nearest sizes are %d and %d",
                    size,
                    axis,
                    step,
                    LARGEST_INPUT,
                    Math.min(below, LARGEST_INPUT / step * step),
                    Math.min(below + step, LARGEST_INPUT / step * step));
        }
        return toBuilder().inputSize(size).build();
    }

    /** {@return what the input size must be a multiple of, per axis: whole mask units} */
    public List<Integer> inputMultiple() {
        return Axes.multiply(patchStride, maskUnitSize);
    }

    /** {@return a builder that starts with these settings} */
    public HieraConfigBuilder toBuilder() {
        return new HieraConfigBuilder(this);
    }

    @Override
    public HieraConfig encoder() {
        return this;
    }

    /**
     * Spatial axes of the input, 1 to 3.
     *
     * @return the number of axes
     */
    public int axes() {
        return inputSize.size();
    }

    /** {@return blocks of all stages} */
    public int depth() {
        return stages.stream().mapToInt(Integer::intValue).sum();
    }

    /** {@return whether the input has a time axis} */
    public boolean isVideo() {
        return axes() == 3;
    }

    /** {@return tokens per axis after the patch embedding} */
    public List<Integer> tokenGrid() {
        return Axes.divide(inputSize, patchStride);
    }

    /**
     * Mask units per axis.
     *
     * @return the grid
     */
    public List<Integer> unitGrid() {
        return Axes.divide(tokenGrid(), maskUnitSize);
    }

    /**
     * {@return channels of a stage, 0 the first}
     *
     * @param stage from 0, the first stage
     */
    public int stageDim(int stage) {
        int dim = embedDim;
        for (int transition = 0; transition < stage; transition++) {
            dim = (int) (dim * dimMul);
        }
        return dim;
    }

    @Override
    public Graph inferenceGraph() {
        return new Hiera(this).inferenceGraph();
    }
}
