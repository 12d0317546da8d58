package io.github.hiera4j.train.augment;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * RandAugment (Cubuk et al., 2020) in the variant {@code rand-mM-mstdS-inc1}: several operations, each applied with probability
 * one half at a magnitude drawn around M.
 *
 * @param operations operations drawn per picture; 0: none
 * @param magnitude mean magnitude, 0 to 10
 * @param deviation standard deviation of the magnitude
 */
public record RandAugment(int operations, double magnitude, double deviation) {
    /**
     * Checks the values.
     *
     * @param operations operations drawn per picture; 0: none
     * @param magnitude mean magnitude, 0 to 10
     * @param deviation standard deviation of the magnitude
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public RandAugment {
        check(operations >= 0 && operations <= 10, "RandAugment applies 0 to 10 operations, got %d", operations);
        check(magnitude >= 0 && magnitude <= 10, "RandAugment's magnitude is 0 to 10, got %s", magnitude);
        check(deviation >= 0, "RandAugment's deviation is 0 or more, got %s", deviation);
    }

    /** One drawn operation. */
    public record Drawn(AugmentOp operation, double magnitude, boolean negative) {}

    /**
     * Draws the operations for one picture, or for all frames of one clip.
     *
     * @param random source of random numbers
     * @return the operations
     */
    public List<Drawn> draw(RandomGenerator random) {
        AugmentOp[] all = AugmentOp.values();
        List<Drawn> drawn = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            AugmentOp operation = all[random.nextInt(all.length)];
            boolean applied = random.nextBoolean();
            double strength = Math.max(0, Math.min(10, magnitude + deviation * random.nextGaussian()));
            boolean negative = random.nextBoolean();
            if (applied) {
                drawn.add(new Drawn(operation, strength, negative));
            }
        }
        return drawn;
    }

    /**
     * Applies drawn operations in order.
     *
     * @param image the picture
     * @param drawn the operations with their strengths
     * @return the changed picture
     */
    public static Rgb8Image apply(Rgb8Image image, List<Drawn> drawn) {
        Rgb8Image result = image;
        for (Drawn next : drawn) {
            result = next.operation().apply(result, next.magnitude(), next.negative());
        }
        return result;
    }
}
