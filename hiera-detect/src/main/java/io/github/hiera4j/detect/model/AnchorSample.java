package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.network.ProposalRules;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The anchors of one picture that are trained on.
 *
 * @param positives indices into the anchors of all levels
 * @param truth of each positive, the object it is matched with
 * @param negatives indices into the anchors of all levels
 */
public record AnchorSample(int[] positives, int[] truth, int[] negatives) {

    /** How all anchors are matched with a picture's objects. */
    public static Matcher.Matches match(ProposalRules rules, Boxes anchors, GroundTruth objects) {
        return rules.matcher().match(objects.boxes().iou(anchors), anchors.size());
    }

    /** Draws a sample. */
    public static AnchorSample draw(ProposalRules rules, Boxes anchors, GroundTruth objects, RandomGenerator random) {
        Matcher.Matches matches = match(rules, anchors, objects);
        var sample = rules.sampler()
                .draw(matches.positions(Matcher.Label.POSITIVE), matches.positions(Matcher.Label.NEGATIVE), random);
        return of(matches, sample.positives(), sample.negatives());
    }

    /** The sample of given anchors. */
    public static AnchorSample of(Matcher.Matches matches, int[] positives, int[] negatives) {
        int[] truth = Arrays.stream(positives).map(i -> matches.truth()[i]).toArray();
        return new AnchorSample(positives, truth, negatives);
    }
}
