package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.Matcher;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The sampled boxes of one training image for the heads.
 *
 * @param boxes proposals and objects
 * @param classes the class of each box; the number of classes means background
 * @param truth the matched object of each box; undefined for background
 */
public record HeadSample(Boxes boxes, int[] classes, int[] truth) {

    /**
     * {@return the candidates for training the heads: the proposals, followed by the objects themselves}
     *
     * @param proposals boxes of the region proposal network, in pixels
     * @param objects the annotated objects of the picture
     */
    public static Boxes candidates(Boxes proposals, GroundTruth objects) {
        return proposals.append(objects.boxes());
    }

    /**
     * {@return the matches of candidates with the objects of an image}
     *
     * @param config the settings of the detector
     * @param candidates boxes to match, in pixels
     * @param objects the annotated objects of the picture
     */
    public static Matcher.Matches match(MaskRcnnConfig config, Boxes candidates, GroundTruth objects) {
        return config.heads().matcher().match(objects.boxes(), candidates);
    }

    /**
     * Draws a sample.
     *
     * @param config the settings of the detector
     * @param proposals boxes of the region proposal network, in pixels
     * @param objects the annotated objects of the picture
     * @param random the source of random numbers
     * @return the sample
     */
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

    /**
     * {@return the sample with the given candidates}
     *
     * @param config the settings of the detector
     * @param candidates the matched boxes, in pixels
     * @param matches the assignment to the ground truth
     * @param objects the annotated objects of the picture
     * @param chosen positions of the sampled candidates
     */
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
