package io.github.hiera4j.model.timing;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;

/**
 * Statistics of repeated measurements, in milliseconds. The median is reported because it is not affected by single
 * interrupted runs.
 *
 * @param median half of all runs were faster
 * @param lowerQuartile a quarter of all runs were faster
 * @param upperQuartile three quarters of all runs were faster
 * @param minimum the fastest run
 * @param maximum the slowest run
 */
public record Spread(double median, double lowerQuartile, double upperQuartile, double minimum, double maximum) {

    /**
     * Summarises measurements.
     *
     * @param nanoseconds the measurements, at least one
     * @return the statistics
     */
    public static Spread ofNanoseconds(long... nanoseconds) {
        check(nanoseconds.length >= 1, "a spread needs at least 1 measurement, got %d", nanoseconds.length);
        double[] sorted = Arrays.stream(nanoseconds)
                .mapToDouble(value -> value / 1e6)
                .sorted()
                .toArray();
        return new Spread(
                quantile(sorted, 0.5),
                quantile(sorted, 0.25),
                quantile(sorted, 0.75),
                sorted[0],
                sorted[sorted.length - 1]);
    }

    /** {@return half the distance between the quartiles, in milliseconds} */
    public double halfQuartileDistance() {
        return (upperQuartile - lowerQuartile) / 2;
    }

    /** {@return half the distance between the quartiles, relative to the median} 0.02: half of all runs lie within 2 %. */
    public double relative() {
        return halfQuartileDistance() / median;
    }

    private static double quantile(double[] sorted, double fraction) {
        double position = fraction * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
