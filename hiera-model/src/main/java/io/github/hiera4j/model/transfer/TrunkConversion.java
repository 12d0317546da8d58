package io.github.hiera4j.model.transfer;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.hieradet.HieraDetVariant;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Converts an image model's encoder to a HieraDet trunk: the same blocks, with windows in place of mask units and global stages.
 *
 * <p>At the size that the encoder was trained for, and with the position embedding kept whole, the trunk computes the same as the
 * encoder: mask units are its windows, and in later stages one window covers the whole grid.
 */
public enum TrunkConversion {
    /** Keeps the position embedding whole, to be resized; the window embedding is zero. */
    WHOLE,

    /**
     * Splits the position embedding into absolute windows: the mean over all mask units becomes the window embedding, and the mean
     * of the remainder in each unit becomes the global one. A learned embedding repeats with the mask unit (Bolya et al., "Window Attention is
     * Bugged", ICLR 2024), so that resizing it whole would shift the pattern against the windows.
     */
    ABSOLUTE_WINDOWS;

    /**
     * {@return the trunk of an encoder at its own input size} A stage with global attention gets windows as large as its grid at that size,
     * and three blocks are global, which matters at larger sizes: see {@link HieraDetConfig#resized}. For a square input the trunk is
     * equivalent to the encoder.
     *
     * @param model the settings of the model
     */
    public HieraDetConfig config(ModelConfig model) {
        HieraConfig encoder = model.encoder();
        checkConvertible(encoder);
        int unit = encoder.maskUnitSize().get(0);
        return HieraDetConfig.builder()
                .inputSize(encoder.inputSize())
                .inChans(encoder.inChans())
                .embedDim(encoder.embedDim())
                .numHeads(encoder.numHeads())
                .stages(encoder.stages())
                .qPool(encoder.stages().size() - 1)
                .windows(windows(encoder))
                .globalBlocks(globalBlocks(encoder))
                .positionGrid(this == WHOLE ? encoder.tokenGrid() : encoder.unitGrid())
                .windowEmbedding(unit)
                .dimMul(encoder.dimMul())
                .headMul(encoder.headMul())
                .patchKernel(encoder.patchKernel().get(0))
                .patchStride(encoder.patchStride().get(0))
                .patchPadding(encoder.patchPadding().get(0))
                .mlpRatio(encoder.mlpRatio())
                .dropPathRate(encoder.dropPathRate())
                .layerNormEps(encoder.layerNormEps())
                .build();
    }

    /**
     * {@return the encoder's weights under the trunk's names}
     *
     * @param source the model's weights under official names
     * @param model the settings of the model
     * @param prefix the prefix of every name, such as {@code image_encoder.trunk.}; may be empty
     */
    public WeightSource weights(WeightSource source, ModelConfig model, String prefix) {
        checkConvertible(model.encoder());
        return new TrunkWeights(source, model.encoder(), this, prefix);
    }

    private static void checkConvertible(HieraConfig encoder) {
        check(encoder.axes() == 2, "a trunk needs an image model, got input_size %s", encoder.inputSize());
        check(
                encoder.qStride().equals(List.of(2, 2)),
                "a trunk pools 2 × 2, the model has q_stride %s",
                encoder.qStride());
        check(
                isSquare(encoder.patchKernel()) && isSquare(encoder.patchStride()) && isSquare(encoder.patchPadding()),
                "a trunk needs square patches, the model has patch_kernel %s",
                encoder.patchKernel());
        check(
                !encoder.absWinPosEmbed() && encoder.initValues() == null && encoder.useExpandProj(),
                "a trunk needs a projected skip, has no LayerScale and has its own window embedding: timm's abswin models cannot be"
                        + " converted");
    }

    private static boolean isSquare(List<Integer> axes) {
        return axes.get(0).equals(axes.get(1));
    }

    /** Returns the windows: mask units shrink with each pooling; a stage with global attention gets a window of its longer side. */
    private static List<Integer> windows(HieraConfig encoder) {
        List<Integer> windows = new ArrayList<>();
        int unit = encoder.maskUnitSize().get(0);
        int longer = Math.max(encoder.tokenGrid().get(0), encoder.tokenGrid().get(1));
        for (int stage = 0; stage < encoder.stages().size(); stage++) {
            windows.add(encoder.maskUnitAttn().get(stage) ? unit : longer);
            unit = Math.max(1, unit / 2);
            longer = Math.max(1, longer / 2);
        }
        return windows;
    }

    /**
     * Returns three evenly spaced blocks up to the end of the longest stage, as in SAM 2; none of them is the first of a stage. If SAM 2
     * has a model of this depth, its choice is used.
     */
    private static Set<Integer> globalBlocks(HieraConfig encoder) {
        Optional<HieraDetVariant> published = Arrays.stream(HieraDetVariant.values())
                .filter(variant -> variant.config().stages().equals(encoder.stages()))
                .findFirst();
        if (published.isPresent()) {
            return published.get().config().globalBlocks();
        }
        int longest = 0;
        int end = 0;
        int endOfLongest = 0;
        for (int depth : encoder.stages()) {
            end += depth;
            endOfLongest = depth > longest ? end : endOfLongest;
            longest = Math.max(longest, depth);
        }
        int distance = (longest + 3) / 4;
        Set<Integer> global = new TreeSet<>();
        for (int block = endOfLongest - 1; block > endOfLongest - longest; block -= distance) {
            if (global.size() < 3) {
                global.add(block);
            }
        }
        return global;
    }
}
