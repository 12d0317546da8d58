package io.github.hiera4j.train.augment;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Mixup (Zhang et al., ICLR 2018) and CutMix of a batch with its reverse, and the resulting targets.
 *
 * @param mixup concentration of the Beta distribution of the mixing ratio; 0: no mixup
 * @param cutmix the same for CutMix; 0: no CutMix
 * @param probability of mixing a batch at all
 * @param switchProbability probability of CutMix if both are enabled
 * @param mode which samples share one draw: the whole batch, a pair of partners, or none
 * @param smoothing fraction of a target that is spread over all classes
 */
public record Mixing(
        double mixup, double cutmix, double probability, double switchProbability, Mode mode, double smoothing) {
    /** No mixing, hard targets. */
    public static final Mixing NONE = new Mixing(0, 0, 0, 0.5, Mode.BATCH, 0);

    /** Which samples share one draw. */
    public enum Mode {
        /** All samples have the same mixing ratio. */
        BATCH,
        /** A sample and its partner have the same mixing ratio. */
        PAIR,
        /** Each sample has its own mixing ratio. */
        ELEMENT
    }

    /**
     * Checks the values.
     *
     * @param mixup concentration of the Beta distribution of the mixing ratio; 0: no mixup
     * @param cutmix the same for CutMix; 0: no CutMix
     * @param probability of mixing a batch at all
     * @param switchProbability probability of CutMix if both are enabled
     * @param mode which samples share one draw: the whole batch, a pair of partners, or none
     * @param smoothing fraction of a target that is spread over all classes
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Mixing {
        check(mixup >= 0 && cutmix >= 0, "mixup and cutmix must be 0 or more, got %s and %s", mixup, cutmix);
        check(
                probability >= 0 && probability <= 1 && switchProbability >= 0 && switchProbability <= 1,
                "mixing needs probabilities, got %s and %s",
                probability,
                switchProbability);
        check(smoothing >= 0 && smoothing < 1, "smoothing must be in [0, 1), got %s", smoothing);
    }

    /** One draw: the fraction of the sample's own pixels, and the pasted box for CutMix. */
    private record Draw(
            double lambda,
            @org.jspecify.annotations.Nullable CutBox box) {}

    /**
     * Mixes pixels in place and returns the targets {@code [B, classes]}.
     *
     * @param pixels {@code [B, C, (T,) H, W]}
     * @param labels one class per sample
     * @param classes number of classes
     * @param random source of random numbers
     * @return the targets
     */
    public HostTensor apply(HostTensor pixels, int[] labels, int classes, RandomGenerator random) {
        return apply(pixels, labels, classes, IntStream.range(0, labels.length).toArray(), labels.length, random);
    }

    /**
     * Does the same for a part of a larger batch, with the draws that the whole batch would have.
     *
     * @param rows of the whole batch, ascending; the partner of each, {@code total - 1 - row}, must be among them
     * @param total rows of the whole batch
     * @param classes number of classes
     * @param labels the class of each row, from 0
     * @param pixels the rows of this process; changed in place
     * @param random source of random numbers, in the same state in all processes
     * @return float32 {@code [rows, classes]}: the targets
     * @throws io.github.hiera4j.model.HieraException if a partner is missing
     */
    public HostTensor apply(
            HostTensor pixels, int[] labels, int classes, int[] rows, int total, RandomGenerator random) {
        int batch = labels.length;
        double[] shares = new double[batch];
        java.util.Arrays.fill(shares, 1);
        if (probability > 0 && (mixup > 0 || cutmix > 0) && total > 1) {
            requirePartners(rows, total);
            int[] sizes = pixels.shape().sizes();
            int height = sizes[sizes.length - 2];
            int width = sizes[sizes.length - 1];
            float[] original = pixels.toFloats();
            Draw shared = draw(height, width, random);
            Draw[] draws = new Draw[total];
            for (int row = 0; row < total; row++) {
                int partner = total - 1 - row;
                boolean again = mode == Mode.ELEMENT || (mode == Mode.PAIR && row <= partner);
                draws[row] = again ? draw(height, width, random) : mode == Mode.PAIR ? draws[partner] : shared;
            }
            for (int i = 0; i < batch; i++) {
                Draw draw = draws[rows[i]];
                shares[i] = draw.lambda();
                mix(pixels.floats(), original, i, batch - 1 - i, original.length / batch, height, width, draw);
            }
        }
        return targets(labels, classes, shares, smoothing);
    }

    private static void requirePartners(int[] rows, int total) {
        for (int i = 0; i < rows.length; i++) {
            check(
                    rows[i] + rows[rows.length - 1 - i] == total - 1,
                    "mixup and cutmix mix two samples of the same process: set an even batch_size, got %d",
                    rows.length);
        }
    }

    private Draw draw(int height, int width, RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return new Draw(1, null);
        }
        boolean cuts = cutmix > 0 && (mixup == 0 || random.nextDouble() < switchProbability);
        double lambda = BetaDistribution.draw(cuts ? cutmix : mixup, random);
        if (!cuts) {
            return new Draw(lambda, null);
        }
        CutBox box = CutBox.about(random.nextInt(height), random.nextInt(width), lambda, height, width);
        return new Draw(box.keptShare(height, width), box);
    }

    private static void mix(
            FloatBuffer pixels, float[] original, int i, int partner, int sample, int height, int width, Draw draw) {
        CutBox box = draw.box();
        if (box == null) {
            if (draw.lambda() == 1) {
                return;
            }
            float own = (float) draw.lambda();
            for (int at = 0; at < sample; at++) {
                pixels.put(
                        i * sample + at, own * original[i * sample + at] + (1 - own) * original[partner * sample + at]);
            }
            return;
        }
        for (int plane = 0; plane < sample; plane += height * width) {
            for (int y = box.top(); y < box.bottom(); y++) {
                int start = plane + y * width + box.left();
                pixels.put(i * sample + start, original, partner * sample + start, box.right() - box.left());
            }
        }
    }

    /**
     * Returns the smoothed targets {@code [B, classes]} of mixed samples: a fraction of each target is the sample's own class, the rest
     * that of its partner in the reversed batch.
     *
     * @param labels one class per sample
     * @param classes number of classes
     * @param shares for each sample, the fraction of its own class, 0 to 1
     * @param smoothing fraction that is spread over all classes, 0 to 1
     * @return the targets
     */
    public static HostTensor targets(int[] labels, int classes, double[] shares, double smoothing) {
        float[] targets = new float[labels.length * classes];
        float off = (float) (smoothing / classes);
        float on = (float) (1 - smoothing + smoothing / classes);
        for (int i = 0; i < labels.length; i++) {
            float own = (float) shares[i];
            float other = (float) (1 - shares[i]);
            int partner = labels[labels.length - 1 - i];
            for (int label = 0; label < classes; label++) {
                targets[i * classes + label] =
                        own * (label == labels[i] ? on : off) + other * (label == partner ? on : off);
            }
        }
        return HostTensor.of(Shape.of(labels.length, classes), targets);
    }
}
