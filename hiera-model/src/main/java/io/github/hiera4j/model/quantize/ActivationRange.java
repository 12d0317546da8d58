package io.github.hiera4j.model.quantize;

import static io.github.hiera4j.model.weights.LinearQuantization.INPUT_LIMIT;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** The distribution of a tensor's values over all samples, as a histogram, and the 8-bit range derived from it. */
final class ActivationRange {
    private static final int BINS = 2048;
    private static final double SMALLEST_STEP = 1e-12;
    private static final double NARROWEST = 0.3;
    private static final double NARROWING = 0.05;

    private final double[] counts = new double[BINS];
    private double low;
    private double high;
    private double total;

    /**
     * A choice of scale and zero point.
     *
     * @param scale the step
     * @param zeroPoint the integer that represents 0
     * @param noise mean squared error as a share of the mean square of the values
     */
    record Choice(double scale, int zeroPoint, double noise) {}

    /**
     * Adds values to the histogram.
     *
     * @param values rows of {@code divisors.length} channels
     * @param divisors one per channel; values are divided by them before they are counted
     */
    void add(FloatBuffer values, float[] divisors) {
        int channels = divisors.length;
        double least = low;
        double greatest = high;
        for (int i = 0; i < values.limit(); i++) {
            double value = values.get(i) / divisors[i % channels];
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        widen(least, greatest);
        double perBin = BINS / Math.max(high - low, SMALLEST_STEP);
        for (int i = 0; i < values.limit(); i++) {
            double value = values.get(i) / divisors[i % channels];
            counts[Math.min(BINS - 1, (int) ((value - low) * perBin))]++;
        }
        total += values.limit();
    }

    private void widen(double least, double greatest) {
        if (least >= low && greatest <= high) {
            return;
        }
        double[] before = counts.clone();
        double start = low;
        double width = (high - low) / BINS;
        low = least;
        high = greatest;
        Arrays.fill(counts, 0);
        double perBin = BINS / Math.max(high - low, SMALLEST_STEP);
        for (int bin = 0; bin < BINS; bin++) {
            double centre = start + (bin + 0.5) * width;
            counts[Math.min(BINS - 1, (int) ((centre - low) * perBin))] += before[bin];
        }
    }

    /** Returns the range with the smallest mean squared error: outliers are clipped if the finer steps reduce the error. */
    Choice leastSquares() {
        Choice best = choice(low, high);
        for (double lower = 1; lower >= NARROWEST; lower -= NARROWING) {
            for (double upper = 1; upper >= NARROWEST; upper -= NARROWING) {
                Choice candidate = choice(low * lower, high * upper);
                best = candidate.noise() < best.noise() ? candidate : best;
            }
        }
        return best;
    }

    /** Returns the range that contains the given share of all values; equal shares are clipped at both ends. */
    Choice percentile(double share) {
        double cut = total * (1 - share) / 2;
        return choice(Math.min(0, quantile(cut, 0, 1)), Math.max(0, quantile(cut, BINS - 1, -1)));
    }

    /** Returns the edge of the bin before which the given number of values lie, counted from one end. */
    private double quantile(double cut, int first, int step) {
        double passed = 0;
        int bin = first;
        while (bin >= 0 && bin < BINS && passed + counts[bin] <= cut) {
            passed += counts[bin];
            bin += step;
        }
        return low + (high - low) * (step > 0 ? bin : bin + 1) / BINS;
    }

    /** Returns the range of all values, without clipping. */
    Choice whole() {
        return choice(low, high);
    }

    private Choice choice(double from, double to) {
        double scale = Math.max((to - from) / INPUT_LIMIT, SMALLEST_STEP);
        int zero = (int) Math.max(0, Math.min(INPUT_LIMIT, Math.rint(-from / scale)));
        double first = -zero * scale;
        double last = (INPUT_LIMIT - zero) * scale;
        double width = (high - low) / BINS;
        double error = 0;
        double square = 0;
        for (int bin = 0; bin < BINS; bin++) {
            double value = low + (bin + 0.5) * width;
            double outside = Math.max(Math.max(first - value, value - last), 0);
            error += counts[bin] * (outside > 0 ? outside * outside : scale * scale / 12);
            square += counts[bin] * value * value;
        }
        return new Choice(scale, zero, square == 0 ? 0 : error / square);
    }
}
