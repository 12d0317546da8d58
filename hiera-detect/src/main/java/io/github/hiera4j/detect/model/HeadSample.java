package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The boxes of one picture that the heads are trained on.
 *
 * @param boxes proposals and objects
 * @param classes of each box; the number of classes for background
 * @param truth of each box, the object it is matched with; of no meaning for background
 */
public record HeadSample(Boxes boxes, int[] classes, int[] truth) {

    /** What the heads may be trained on: the proposals, followed by the objects themselves. */
    public static Boxes candidates(Boxes proposals, GroundTruth objects) {
        return proposals.append(objects.boxes());
    }

    /** How candidates are matched with a picture's objects. */
    public static Matcher.Matches match(MaskRcnnConfig config, Boxes candidates, GroundTruth objects) {
        return config.heads().matcher().match(objects.boxes().iou(candidates), candidates.size());
    }

    /** Draws a sample. */
    public static HeadSample draw(MaskRcnnConfig config, Boxes proposals, GroundTruth objects, RandomGenerator random) {
        Boxes candidates = candidates(proposals, objects);
        Matcher.Matches matches = match(config, candidates, objects);
        var sample = config.heads()
                .sampler()
                .draw(matches.positions(Matcher.Label.POSITIVE), matches.positions(Matcher.Label.NEGATIVE), random);
        int[] chosen = IntStream.concat(Arrays.stream(sample.positives()), Arrays.stream(sample.negatives()))
                .toArray();
        return of(config, candidates, matches, objects, chosen);
    }

    /** The sample of given candidates. */
    public static HeadSample of(
            MaskRcnnConfig config, Boxes candidates, Matcher.Matches matches, GroundTruth objects, int[] chosen) {
        int[] truth = Arrays.stream(chosen).map(i -> matches.truth()[i]).toArray();
        int[] classes = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            boolean positive = matches.labels()[chosen[i]] == Matcher.Label.POSITIVE;
            classes[i] = positive ? objects.classes()[truth[i]] : config.classes();
        }
        return new HeadSample(candidates.select(chosen), classes, truth);
    }
}
