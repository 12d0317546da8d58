package io.github.hiera4j.detect.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.geometry.Anchors;
import io.github.hiera4j.detect.geometry.BalancedSampler;
import io.github.hiera4j.detect.geometry.PyramidLevels;
import io.github.hiera4j.detect.network.HeadRules;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.ProposalRules;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.model.hieradet.HieraDetConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.transfer.TrunkConversion;
import io.github.hiera4j.train.recipe.ModelSettings;
import io.github.hiera4j.train.recipe.Models;
import java.util.List;

/** Creates the detector for a recipe: the paper's detector for large inputs, and one with small heads for up to 256 pixels. */
final class DetectorModels {
    /** Inputs up to this side get small heads: fewer channels, layers and samples, and one sample per bin of a box. */
    private static final int SMALL_SIDE = 256;

    /** Anchors and levels of small inputs are scaled from those for an input with this side. */
    private static final double SMALL_REFERENCE = 256;

    private DetectorModels() {}

    static DetectorModel of(ModelSettings model, int classes) {
        HieraConfig encoder = Models.encoder(model);
        List<Integer> size = encoder.inputSize();
        check(encoder.axes() == 2, "a detector needs an image model, but '%s' is for videos", model.name());
        check(
                size.get(0).equals(size.get(1)),
                "a detector's input is square, got input_size %s: specify one side, for example input_size=1024",
                model.inputSize());
        int side = size.get(0);
        HieraDetConfig windows = TrunkConversion.ABSOLUTE_WINDOWS.config(Models.encoder(model.name())).toBuilder()
                .dropPathRate(model.dropPath())
                .build();
        MaskRcnnConfig config = MaskRcnnConfig.detectron2(Trunk.of(windows.resized(side, side)), classes);
        InputRules input = new InputRules(side, side, true, true);
        return new DetectorModel(encoder, (side <= SMALL_SIDE ? small(config, side) : config).withInput(input));
    }

    private static MaskRcnnConfig small(MaskRcnnConfig config, int side) {
        double scale = side / SMALL_REFERENCE;
        ProposalRules proposals = config.proposals();
        HeadRules heads = config.heads();
        Anchors anchors = new Anchors(
                proposals.anchors().strides(),
                proposals.anchors().sizes().stream()
                        .map(anchor -> anchor * scale)
                        .toList(),
                proposals.anchors().ratios(),
                false,
                false);
        return config.withChannels(48)
                .withProposals(proposals
                        .withAnchors(anchors)
                        .withHead(1, false)
                        .withCounts(new BalancedSampler(64, .5), List.of(200, 100, 100, 50)))
                .withHeads(new HeadRules(
                        new PyramidLevels(2, 5, 4, PyramidLevels.STANDARD.canonicalSize() * scale),
                        heads.matcher(),
                        new BalancedSampler(32, .5),
                        heads.deltas(),
                        true,
                        1,
                        7,
                        1,
                        List.of(128),
                        7,
                        1,
                        0,
                        false));
    }
}
