package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.network.ProposalRules;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The sampled anchors of one training image.
 *
 * @param positives indices into the anchors of all levels
 * @param truth the matched object of each positive
 * @param negatives indices into the anchors of all levels
 */
public record AnchorSample(int[] positives, int[] truth, int[] negatives) {

    /**
     * {@return the matches of all anchors with the objects of an image}
     *
     * @param rules the settings of the region proposal network
     * @param anchors all anchors of a picture
     * @param objects the annotated objects of the picture
     */
    public static Matcher.Matches match(ProposalRules rules, Boxes anchors, GroundTruth objects) {
        return rules.matcher().match(objects.boxes(), anchors);
    }

    /**
     * Draws a sample.
     *
     * @param rules the settings of the region proposal network
     * @param anchors all anchors of a picture
     * @param objects the annotated objects of the picture
     * @param random the source of random numbers
     * @return the sample
     */
    public static AnchorSample draw(ProposalRules rules, Boxes anchors, GroundTruth objects, RandomGenerator random) {
        Matcher.Matches matches = match(rules, anchors, objects);
        var sample = rules.sampler()
                .draw(matches.positions(Matcher.Label.POSITIVE), matches.positions(Matcher.Label.NEGATIVE), random);
        return of(matches, sample.positives(), sample.negatives());
    }

    /**
     * {@return the sample with the given anchors}
     *
     * @param matches the assignment to the ground truth
     * @param positives positions of the foreground
     * @param negatives positions of the background
     */
    public static AnchorSample of(Matcher.Matches matches, int[] positives, int[] negatives) {
        int[] truth = Arrays.stream(positives).map(i -> matches.truth()[i]).toArray();
        return new AnchorSample(positives, truth, negatives);
    }
}
