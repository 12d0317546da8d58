package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import java.nio.FloatBuffer;

/**
 * How a single mask is chosen among those of the decoder: the first one if it is stable, otherwise the best of the others.
 *
 * <p>A mask is stable if moving the threshold by {@code delta} hardly changes it: the number of pixels above {@code delta} is
 * at least the share {@code threshold} of those above {@code -delta} (a mask without pixels above {@code -delta} is stable).
 *
 * @param byStability whether to choose by stability; otherwise the first mask is always chosen
 * @param delta distance from 0, in logits
 * @param threshold the minimum share, 0 to 1
 */
public record MaskChoice(boolean byStability, double delta, double threshold) {
    /** The choice of the published models. */
    public static final MaskChoice PUBLISHED = new MaskChoice(true, 0.05, 0.98);

    /** Always the first mask. */
    public static final MaskChoice FIRST = new MaskChoice(false, 0.05, 0.98);

    /**
     * Checks the values.
     *
     * @param byStability whether to choose by stability; otherwise the first mask is always chosen
     * @param delta distance from 0, in logits
     * @param threshold the minimum share, 0 to 1
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public MaskChoice {
        check(delta >= 0 && Double.isFinite(delta), "the stability offset must be 0 or more, got %s", delta);
        check(threshold >= 0 && threshold <= 1, "the stability threshold must be 0 to 1, got %s", threshold);
    }

    /**
     * {@return the chosen mask's index}
     *
     * @param firstMask logits of mask 0
     * @param quality predicted IoU of every mask, mask 0 first
     */
    public int choose(FloatBuffer firstMask, float[] quality) {
        if (!byStability || stability(firstMask, delta) >= threshold) {
            return 0;
        }
        int best = 1;
        for (int mask = 2; mask < quality.length; mask++) {
            best = quality[mask] > quality[best] ? mask : best;
        }
        return best;
    }

    /**
     * {@return the pixels above {@code offset} as a share of those above {@code -offset}; 1 if there are none}
     *
     * @param logits the mask's logits, row-major
     * @param offset distance of the two thresholds from the usual one
     */
    public static double stability(FloatBuffer logits, double offset) {
        int inside = 0;
        int around = 0;
        for (int i = logits.position(); i < logits.limit(); i++) {
            float logit = logits.get(i);
            inside += logit > offset ? 1 : 0;
            around += logit > -offset ? 1 : 0;
        }
        return around == 0 ? 1 : (double) inside / around;
    }
}
