package io.github.hiera4j.detect.geometry;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws a training sample of fixed size: positives up to a given share, and negatives for the rest.
 *
 * @param size samples to draw; fewer if there are not enough negatives
 * @param positiveFraction largest share of positives, 0 to 1
 */
public record BalancedSampler(int size, double positiveFraction) {
    /** 256 anchors per image, at most half of them positive. */
    public static final BalancedSampler ANCHORS = new BalancedSampler(256, .5);

    /** 512 boxes per image for the heads, at most a quarter positive. */
    public static final BalancedSampler HEADS = new BalancedSampler(512, .25);

    /**
     * Checks the values.
     *
     * @param size samples to draw; fewer if there are not enough negatives
     * @param positiveFraction largest share of positives, 0 to 1
     * @throws io.github.hiera4j.model.HieraException if a number is out of range
     */
    public BalancedSampler {
        check(size >= 1 && size <= 100_000, "a sample has 1 to 100000 candidates, got %d", size);
        check(
                positiveFraction >= 0 && positiveFraction <= 1,
                "the share of positives must be 0 to 1, got %s",
                positiveFraction);
    }

    /** The drawn candidates, each list in random order. */
    public record Sample(int[] positives, int[] negatives) {}

    /**
     * Returns the maximum number of positives in a sample.
     *
     * @return the number
     */
    public int mostPositives() {
        return (int) (size * positiveFraction);
    }

    /**
     * Draws uniformly without repetition.
     *
     * @param positives positions of the foreground
     * @param negatives positions of the background
     * @param random the source of random numbers
     * @return the positions, positives first
     */
    public Sample draw(int[] positives, int[] negatives, RandomGenerator random) {
        int positiveCount = Math.min(positives.length, mostPositives());
        int negativeCount = Math.min(negatives.length, size - positiveCount);
        return new Sample(subset(positives, positiveCount, random), subset(negatives, negativeCount, random));
    }

    private static int[] subset(int[] values, int count, RandomGenerator random) {
        int[] shuffled = values.clone();
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(shuffled.length - i);
            int value = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = value;
        }
        return Arrays.copyOf(shuffled, count);
    }
}
