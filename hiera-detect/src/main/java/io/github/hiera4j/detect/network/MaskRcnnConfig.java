package io.github.hiera4j.detect.network;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Op;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All settings of a Mask R-CNN (He et al., 2017), in Detectron2's conventions unless a rule says otherwise.
 *
 * <p>Two of torchvision's conventions have the same result and need no settings: it upsamples levels to the size of the finer one,
 * which is twice as large; and with empty ground truth, everything is background. The order of classes in torchvision's files is
 * converted on reading.
 *
 * @param trunk the backbone
 * @param stageNorms whether a LayerNorm follows each stage, as on MViT's in Detectron2
 * @param channels width of the pyramid and of the heads' convolutions
 * @param channelNorms whether a LayerNorm over channels follows the convolutions of pyramid and heads, which then have no bias
 * @param normEps epsilon of these LayerNorms
 * @param classes number of classes without the background
 * @param input resizing and padding
 * @param proposals the region proposal network
 * @param heads box head and mask head
 * @param output selection of detections
 */
public record MaskRcnnConfig(
        Trunk trunk,
        boolean stageNorms,
        int channels,
        boolean channelNorms,
        double normEps,
        int classes,
        InputRules input,
        ProposalRules proposals,
        HeadRules heads,
        OutputRules output) {
    /** Number of classes in COCO. */
    public static final int COCO_CLASSES = 80;

    /**
     * Checks the values.
     *
     * @param trunk the backbone
     * @param stageNorms whether a LayerNorm follows each stage, as on MViT's in Detectron2
     * @param channels width of the pyramid and of the heads' convolutions
     * @param channelNorms whether a LayerNorm over channels follows the convolutions of pyramid and heads, which then have no bias
     * @param normEps epsilon of these LayerNorms
     * @param classes number of classes without the background
     * @param input resizing and padding
     * @param proposals the region proposal network
     * @param heads box head and mask head
     * @param output selection of detections
     * @throws io.github.hiera4j.model.HieraException if a number is out of range, or if a plain Hiera trunk, which has a fixed input
     *     size, is combined with several sizes
     */
    public MaskRcnnConfig {
        check(channels >= 1 && channels <= 8192, "channels must be 1 to 8192, got %d", channels);
        check(normEps > 0, "norm_eps must be above 0, got %s", normEps);
        check(classes >= 1 && classes <= 100_000, "a detector has 1 to 100000 classes, got %d", classes);
        check(
                input.square() || trunk.windowed() != null,
                "input.square is false, but a plain Hiera trunk accepts only images of %s: set it to true, or use a HieraDet trunk",
                trunk.inputSize());
    }

    /**
     * {@return the paper's detector: Detectron2's conventions with ViTDet's heads, 1024 × 1024 pixels}
     *
     * @param trunk the backbone
     * @param classes classes without the background
     */
    public static MaskRcnnConfig detectron2(Trunk trunk, int classes) {
        return preset(
                trunk,
                classes,
                true,
                InputRules.DETECTRON2,
                ProposalRules.detectron2(),
                HeadRules.detectron2(),
                OutputRules.DETECTRON2);
    }

    /**
     * {@return a detector with all of torchvision's conventions and its plain heads without norms; for a plain Hiera trunk, which has a
     * fixed input size, images are padded to that size}
     *
     * @param trunk the backbone
     * @param classes classes without the background
     */
    public static MaskRcnnConfig torchvision(Trunk trunk, int classes) {
        return preset(
                trunk,
                classes,
                false,
                trunk.windowed() != null ? InputRules.TORCHVISION : InputRules.TORCHVISION.squared(),
                ProposalRules.torchvision(),
                HeadRules.torchvision(),
                OutputRules.TORCHVISION);
    }

    /** Returns the settings common to both conventions: 256 channels, one epsilon, and norms after stages and convolutions or neither. */
    private static MaskRcnnConfig preset(
            Trunk trunk,
            int classes,
            boolean norms,
            InputRules input,
            ProposalRules proposals,
            HeadRules heads,
            OutputRules output) {
        return new MaskRcnnConfig(trunk, norms, 256, norms, 1e-6, classes, input, proposals, heads, output);
    }

    /**
     * Returns a copy with another trunk, for example at another input size.
     *
     * @param other the backbone
     * @return a changed copy
     */
    public MaskRcnnConfig withTrunk(Trunk other) {
        return new MaskRcnnConfig(
                other, stageNorms, channels, channelNorms, normEps, classes, input, proposals, heads, output);
    }

    /**
     * Returns a copy with other input rules.
     *
     * @param other resizing and padding
     * @return a changed copy
     */
    public MaskRcnnConfig withInput(InputRules other) {
        return new MaskRcnnConfig(
                trunk, stageNorms, channels, channelNorms, normEps, classes, other, proposals, heads, output);
    }

    /**
     * Returns a copy with other rules for proposals.
     *
     * @param other the region proposal network
     * @return a changed copy
     */
    public MaskRcnnConfig withProposals(ProposalRules other) {
        return new MaskRcnnConfig(
                trunk, stageNorms, channels, channelNorms, normEps, classes, input, other, heads, output);
    }

    /**
     * Returns a copy with other heads.
     *
     * @param other the heads
     * @return a changed copy
     */
    public MaskRcnnConfig withHeads(HeadRules other) {
        return new MaskRcnnConfig(
                trunk, stageNorms, channels, channelNorms, normEps, classes, input, proposals, other, output);
    }

    /**
     * Returns a copy with other rules for detections.
     *
     * @param other selection of detections
     * @return a changed copy
     */
    public MaskRcnnConfig withOutput(OutputRules other) {
        return new MaskRcnnConfig(
                trunk, stageNorms, channels, channelNorms, normEps, classes, input, proposals, heads, other);
    }

    /**
     * Returns a copy with another width of pyramid and heads.
     *
     * @param other channels of pyramid and heads
     * @return a changed copy
     */
    public MaskRcnnConfig withChannels(int other) {
        return new MaskRcnnConfig(
                trunk, stageNorms, other, channelNorms, normEps, classes, input, proposals, heads, output);
    }

    /** Returns RoIAlign over p2 to p5 with the given number of bins. */
    Op.RoiAlign roiAlign(int bins) {
        List<Double> scales = IntStream.range(2, 2 + Trunk.STAGES)
                .mapToObj(level -> 1.0 / (1 << level))
                .toList();
        return new Op.RoiAlign(bins, bins, scales, heads.samplingRatio(), heads.alignedPooling());
    }
}
