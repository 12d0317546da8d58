package io.github.hiera4j.detect.network;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.geometry.Anchors;
import io.github.hiera4j.detect.geometry.BalancedSampler;
import io.github.hiera4j.detect.geometry.Matcher;
import java.util.List;

/**
 * The settings of the region proposal network.
 *
 * @param anchors strides, sizes and ratios, one level per entry
 * @param convolutions hidden 3 × 3 convolutions of the head, 1 to 8
 * @param channelNorms whether a LayerNorm over channels follows each of them (implied by the paper's text; Detectron2's
 *     configuration has none)
 * @param matcher matches anchors with the ground truth
 * @param sampler samples anchors for training, per image
 * @param candidatesTraining number of best anchors per level that are decoded, in training
 * @param candidatesTest number of best anchors per level that are decoded, in inference
 * @param proposalsTraining number of proposals kept over all levels, in training
 * @param proposalsTest number of proposals kept over all levels, in inference
 * @param suppression largest IoU of two kept proposals of a level, 0 to 1
 * @param smallestSide minimum length of both sides of a box, in pixels; 0: longer than 0
 * @param lossBeta distance at which smooth L1's quadratic part ends; 0: L1
 * @param perSample whether losses are divided by the number of sampled anchors (torchvision); otherwise by
 *     {@code sampler.size · pictures} (Detectron2)
 * @param rankedByProbability whether a level's best anchors are then ordered by {@code sigmoid(logit)}, which is 1 in float32 for all
 *     logits above 17 (torchvision), instead of the logit (Detectron2)
 * @param smallestScore minimum probability of a proposal, 0 to 1; 0 keeps all
 */
public record ProposalRules(
        Anchors anchors,
        int convolutions,
        boolean channelNorms,
        Matcher matcher,
        BalancedSampler sampler,
        int candidatesTraining,
        int candidatesTest,
        int proposalsTraining,
        int proposalsTest,
        double suppression,
        double smallestSide,
        double lossBeta,
        boolean perSample,
        boolean rankedByProbability,
        double smallestScore) {
    private static final int MOST = 100_000;

    /**
     * Checks the values.
     *
     * @param anchors strides, sizes and ratios, one level per entry
     * @param convolutions hidden 3 × 3 convolutions of the head, 1 to 8
     * @param channelNorms whether a LayerNorm over channels follows each of them (implied by the paper's text; Detectron2's
     *     configuration has none)
     * @param matcher matches anchors with the ground truth
     * @param sampler samples anchors for training, per image
     * @param candidatesTraining number of best anchors per level that are decoded, in training
     * @param candidatesTest number of best anchors per level that are decoded, in inference
     * @param proposalsTraining number of proposals kept over all levels, in training
     * @param proposalsTest number of proposals kept over all levels, in inference
     * @param suppression largest IoU of two kept proposals of a level, 0 to 1
     * @param smallestSide minimum length of both sides of a box, in pixels; 0: longer than 0
     * @param lossBeta distance at which smooth L1's quadratic part ends; 0: L1
     * @param perSample whether losses are divided by the number of sampled anchors (torchvision); otherwise by
     *     {@code sampler.size · pictures} (Detectron2)
     * @param rankedByProbability whether a level's best anchors are then ordered by {@code sigmoid(logit)}, which is 1 in float32 for all
     *     logits above 17 (torchvision), instead of the logit (Detectron2)
     * @param smallestScore minimum probability of a proposal, 0 to 1; 0 keeps all
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ProposalRules {
        check(convolutions >= 1 && convolutions <= 8, "proposals need 1 to 8 convolutions, got %d", convolutions);
        for (int count : new int[] {candidatesTraining, candidatesTest, proposalsTraining, proposalsTest}) {
            check(count >= 1 && count <= MOST, "numbers of proposals must be 1 to %d, got %d", MOST, count);
        }
        check(suppression >= 0 && suppression <= 1, "the IoU of proposals must be 0 to 1, got %s", suppression);
        check(smallestSide >= 0, "the smallest side must be 0 or more, got %s", smallestSide);
        check(
                smallestScore >= 0 && smallestScore <= 1,
                "the smallest probability of a proposal must be 0 to 1, got %s",
                smallestScore);
        check(lossBeta >= 0, "smooth L1's beta must be 0 or more, got %s", lossBeta);
        check(
                anchors.strides().size() == Trunk.STAGES + 1 && anchors.ratios().size() <= 100,
                "anchors need %d levels and at most 100 ratios, got %d and %d",
                Trunk.STAGES + 1,
                anchors.strides().size(),
                anchors.ratios().size());
        for (int level = 0; level <= Trunk.STAGES; level++) {
            check(
                    anchors.strides().get(level) == 4 << level,
                    "anchors of level %d need stride %d, got %s",
                    level + 2,
                    4 << level,
                    anchors.strides());
        }
    }

    /** Detectron2's configuration of ViTDet. */
    static ProposalRules detectron2() {
        return new ProposalRules(
                Anchors.standard(),
                2,
                false,
                Matcher.ANCHORS,
                BalancedSampler.ANCHORS,
                2000,
                1000,
                1000,
                1000,
                .7,
                0,
                0,
                false,
                false,
                0);
    }

    /** torchvision's default constructor arguments. */
    static ProposalRules torchvision() {
        Anchors exact = Anchors.standard();
        return new ProposalRules(
                new Anchors(exact.strides(), exact.sizes(), exact.ratios(), true, true),
                1,
                false,
                Matcher.ANCHORS.withoutGuard(),
                BalancedSampler.ANCHORS,
                2000,
                1000,
                2000,
                1000,
                .7,
                1e-3,
                1.0 / 9,
                true,
                true,
                0);
    }

    /**
     * Returns a copy with other anchors.
     *
     * @param other strides, sizes and ratios
     * @return the settings
     */
    public ProposalRules withAnchors(Anchors other) {
        return copy(other, convolutions, channelNorms, sampler, List.of());
    }

    /**
     * Returns a copy with another head.
     *
     * @param hidden number of hidden 3 × 3 convolutions
     * @param norms whether a LayerNorm follows each
     * @return the settings
     */
    public ProposalRules withHead(int hidden, boolean norms) {
        return copy(anchors, hidden, norms, sampler, List.of());
    }

    /**
     * Returns a copy with other numbers of boxes.
     *
     * @param other samples anchors for training
     * @param counts best anchors per level in training and in inference, then proposals in training and in inference
     * @return the settings
     */
    public ProposalRules withCounts(BalancedSampler other, List<Integer> counts) {
        check(counts.size() == 4, "expected four numbers of proposals, got %d", counts.size());
        return copy(anchors, convolutions, channelNorms, other, counts);
    }

    private ProposalRules copy(
            Anchors newAnchors, int hidden, boolean norms, BalancedSampler newSampler, List<Integer> counts) {
        boolean same = counts.isEmpty();
        return new ProposalRules(
                newAnchors,
                hidden,
                norms,
                matcher,
                newSampler,
                same ? candidatesTraining : counts.get(0),
                same ? candidatesTest : counts.get(1),
                same ? proposalsTraining : counts.get(2),
                same ? proposalsTest : counts.get(3),
                suppression,
                smallestSide,
                lossBeta,
                perSample,
                rankedByProbability,
                smallestScore);
    }
}
