package io.github.hiera4j.detect;

import io.github.hiera4j.detect.checkpoint.DetectorDescription;
import io.github.hiera4j.detect.geometry.Anchors;
import io.github.hiera4j.detect.geometry.BalancedSampler;
import io.github.hiera4j.detect.network.HeadRules;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.ProposalRules;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** A detector with 64 × 64 pixels, three classes and synthetic weights, which runs in milliseconds. */
public final class NanoDetector {
    private NanoDetector() {}

    static HieraDetConfig trunk() {
        return HieraDetConfig.builder()
                .inputSize(List.of(64, 64))
                .embedDim(8)
                .stages(List.of(1, 1, 2, 1))
                .windows(List.of(8, 4, 4, 2))
                .globalBlocks(Set.of(3))
                .positionGrid(List.of(2, 2))
                .build();
    }

    /** Creates a detector with the conventions of Detectron2, small counts and few channels. */
    public static MaskRcnnConfig config() {
        return small(MaskRcnnConfig.detectron2(Trunk.of(trunk()), 3));
    }

    /** Creates a detector with the conventions of torchvision. */
    public static MaskRcnnConfig torchvision() {
        return small(MaskRcnnConfig.torchvision(Trunk.of(trunk()), 3));
    }

    /** Creates a detector whose trunk is a plain Hiera with global attention in its last stages. */
    static MaskRcnnConfig plain() {
        HieraConfig encoder = HieraConfig.image()
                .inputSize(List.of(64, 64))
                .embedDim(8)
                .numHeads(1)
                .stages(List.of(1, 1, 2, 1))
                .qPool(3)
                .numClasses(0)
                .build();
        return small(MaskRcnnConfig.detectron2(Trunk.of(encoder), 3));
    }

    private static MaskRcnnConfig small(MaskRcnnConfig preset) {
        ProposalRules proposals = preset.proposals();
        HeadRules heads = preset.heads();
        InputRules input = preset.input();
        Anchors anchors = new Anchors(
                proposals.anchors().strides(),
                List.of(8.0, 16.0, 32.0, 64.0, 128.0),
                proposals.anchors().ratios(),
                proposals.anchors().rounded(),
                proposals.anchors().stridesFromInput());
        return preset.withChannels(16)
                .withInput(new InputRules(64, 64, input.square(), input.filtered()))
                .withProposals(
                        proposals.withAnchors(anchors).withCounts(new BalancedSampler(32, .5), List.of(50, 50, 40, 30)))
                .withHeads(new HeadRules(
                        heads.levels(),
                        heads.matcher(),
                        new BalancedSampler(16, .25),
                        heads.deltas(),
                        heads.alignedPooling(),
                        heads.samplingRatio(),
                        heads.boxBins(),
                        heads.boxConvolutions(),
                        heads.boxLayers().stream().map(width -> 32).toList(),
                        heads.maskBins(),
                        heads.maskConvolutions(),
                        heads.lossBeta(),
                        heads.softTargets()));
    }

    public static DetectorDescription description(MaskRcnnConfig config) {
        return new DetectorDescription(
                config, List.of("disc", "square", "star"), List.of(2L, 5L, 9L), Normalisation.IMAGENET);
    }

    public static FormulaWeights weights(MaskRcnnConfig config) {
        return new FormulaWeights(new MaskRcnn(config).parameters());
    }

    /** Returns an image of noise. */
    static Rgb8Image picture(int width, int height, long seed) {
        byte[] pixels = new byte[width * height * Rgb8Image.CHANNELS];
        new SplittableRandom(seed).nextBytes(pixels);
        return Rgb8Image.wrap(width, height, pixels);
    }
}
