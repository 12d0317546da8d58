package io.github.hiera4j.model.mae;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A masked autoencoder: an encoder without a head and a decoder that reconstructs the hidden mask units.
 *
 * @param encoder the encoder; its {@code numClasses} is 0 and its {@code qPool} below {@code stages - 1} as published (2)
 * @param decoderEmbedDim channels of the decoder
 * @param decoderDepth blocks of the decoder
 * @param decoderNumHeads attention heads of the decoder (the released video models use 16; the paper's Table 11 says 8)
 * @param fusesStages whether the decoder sees all stages that differ in size, summed (as published); otherwise only the last one
 * @param target what the decoder predicts
 */
public record MaeConfig(
        HieraConfig encoder,
        int decoderEmbedDim,
        int decoderDepth,
        int decoderNumHeads,
        boolean fusesStages,
        MaeTarget target)
        implements ModelConfig {

    /** Share of the mask units that are hidden during pretraining on images (paper §4.1). */
    public static final double IMAGE_MASK_RATIO = 0.6;

    /** Share of the mask units that are hidden during pretraining on videos (paper §4.2). */
    public static final double VIDEO_MASK_RATIO = 0.9;

    /**
     * Checks the values.
     *
     * @param encoder the encoder; its {@code numClasses} is 0 and its {@code qPool} below {@code stages - 1} as published (2)
     * @param decoderEmbedDim channels of the decoder
     * @param decoderDepth blocks of the decoder
     * @param decoderNumHeads attention heads of the decoder (the released video models use 16; the paper's Table 11 says 8)
     * @param fusesStages whether the decoder sees all stages that differ in size, summed; otherwise only the last one
     * @param target what the decoder predicts
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public MaeConfig {
        check(encoder.axes() >= 2, "a masked autoencoder needs 2 or 3 axes, got input_size %s", encoder.inputSize());
        check(encoder.numClasses() == 0, "a masked autoencoder has no head: num_classes must be 0");
        check(!encoder.absWinPosEmbed(), "a masked autoencoder with abs_win_pos_embed is not defined");
        check(
                Axes.product(encoder.unitGrid()) >= 2,
                "a masked autoencoder needs at least 2 mask units, input_size %s has 1",
                encoder.inputSize());
        check(decoderDepth >= 1, "decoder_depth must be at least 1, got %d", decoderDepth);
        check(
                decoderNumHeads >= 1 && decoderEmbedDim % decoderNumHeads == 0,
                "decoder_embed_dim (%d) must be divisible by decoder_num_heads (%d)",
                decoderEmbedDim,
                decoderNumHeads);
        check(
                !encoder.isVideo() || encoder.qPool() == 0 || encoder.qStride().get(0) == 1,
                "a video autoencoder must not pool time: q_stride is %s",
                encoder.qStride());
        List<Integer> strides = tokenPixels(encoder);
        int last = strides.size() - 1;
        check(
                strides.get(last).equals(strides.get(last - 1)),
                "the decoder reconstructs square patches: patch_stride × q_stride^q_pool is %s",
                strides);
        check(
                target != MaeTarget.HOG || strides.get(last) % HogTargets.CELL == 0,
                "a histogram of gradients covers %d x %d pixels: the decoder's patches of %d pixels are not a multiple of it",
                HogTargets.CELL,
                HogTargets.CELL,
                strides.get(last));
    }

    /**
     * Creates an autoencoder as published: all stages are fused, and normalised pixels are predicted.
     *
     * @param encoder the encoder
     * @param decoderEmbedDim channels of the decoder
     * @param decoderDepth blocks of the decoder
     * @param decoderNumHeads attention heads of the decoder
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public MaeConfig(HieraConfig encoder, int decoderEmbedDim, int decoderDepth, int decoderNumHeads) {
        this(encoder, decoderEmbedDim, decoderDepth, decoderNumHeads, true, MaeTarget.NORMALISED_PIXELS);
    }

    /**
     * {@return the same decoder around another encoder}
     *
     * @param other the encoder
     */
    public MaeConfig withEncoder(HieraConfig other) {
        return new MaeConfig(other, decoderEmbedDim, decoderDepth, decoderNumHeads, fusesStages, target);
    }

    /**
     * {@return the same autoencoder with a decoder of another depth}
     *
     * @param depth blocks of the decoder
     */
    public MaeConfig withDecoderDepth(int depth) {
        return new MaeConfig(encoder, decoderEmbedDim, depth, decoderNumHeads, fusesStages, target);
    }

    /**
     * {@return the same autoencoder with or without multi-scale fusion}
     *
     * @param fuses whether the decoder sees all stages that differ in size; otherwise only the last one
     */
    public MaeConfig withFusion(boolean fuses) {
        return new MaeConfig(encoder, decoderEmbedDim, decoderDepth, decoderNumHeads, fuses, target);
    }

    /**
     * {@return the same autoencoder with another target}
     *
     * @param other what the decoder predicts
     */
    public MaeConfig withTarget(MaeTarget other) {
        return new MaeConfig(encoder, decoderEmbedDim, decoderDepth, decoderNumHeads, fusesStages, other);
    }

    /** Builds the encoder with all mask units visible. */
    @Override
    public Graph encoderGraph() {
        return encoder.toBuilder().finalNorm(false).build().inferenceGraph();
    }

    @Override
    public boolean isAutoencoder() {
        return true;
    }

    /**
     * {@return the released decoder around an encoder: 512 channels, 8 blocks, 16 heads, and pooling at two transitions}
     *
     * @param encoder the encoder
     */
    public static MaeConfig around(HieraConfig encoder) {
        HieraConfig headless = encoder.toBuilder().numClasses(0).qPool(2).build();
        return new MaeConfig(headless, 512, 8, 16);
    }

    /** {@return the share of mask units hidden in pretraining, by kind of input} */
    public double defaultMaskRatio() {
        return encoder.isVideo() ? VIDEO_MASK_RATIO : IMAGE_MASK_RATIO;
    }

    /** {@return the number of tokens of a mask unit after the last stage, per axis} */
    public List<Integer> finalUnitSize() {
        List<Integer> size = encoder.maskUnitSize();
        for (int pooling = 0; pooling < encoder.qPool(); pooling++) {
            size = Axes.divide(size, encoder.qStride());
        }
        return size;
    }

    /** {@return the number of tokens after the last stage, per axis, if nothing is hidden: the grid of the decoder} */
    public List<Integer> decoderGrid() {
        return Axes.multiply(encoder.unitGrid(), finalUnitSize());
    }

    /** {@return the side in pixels of the square patch that one decoder token reconstructs} */
    public int predictionStride() {
        List<Integer> strides = tokenPixels(encoder);
        return Collections.max(strides.subList(strides.size() - 2, strides.size()));
    }

    /** {@return the number of values that one decoder token predicts: the pixels of a square patch of one frame, or its histograms} */
    public int predictionDim() {
        if (target == MaeTarget.HOG) {
            int cells = predictionStride() / HogTargets.CELL;
            return cells * cells * encoder.inChans() * HogTargets.BINS;
        }
        return predictionStride() * predictionStride() * encoder.inChans();
    }

    /** Builds the graph for the default mask ratio, or for one visible unit if that ratio would leave none. */
    @Override
    public Graph inferenceGraph() {
        int visible = (int) (Axes.product(encoder.unitGrid()) * (1 - defaultMaskRatio()));
        return new HieraMae(this).inferenceGraph(Math.max(1, visible));
    }

    private static List<Integer> tokenPixels(HieraConfig encoder) {
        List<Integer> pixels = new ArrayList<>(encoder.patchStride());
        for (int pooling = 0; pooling < encoder.qPool(); pooling++) {
            pixels = new ArrayList<>(Axes.multiply(pixels, encoder.qStride()));
        }
        return pixels;
    }
}
