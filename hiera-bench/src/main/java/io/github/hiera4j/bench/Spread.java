package io.github.hiera4j.bench;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;

/**
 * Repeated measurements in brief, in milliseconds. The median is what is reported: it shrugs off the odd run that the
 * machine interrupted.
 */
public record Spread(double median, double lowerQuartile, double upperQuartile, double minimum, double maximum) {

    /** Summarises at least one measurement in nanoseconds. */
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

    /** Half the distance between the quartiles, relative to the median: 0.02 means that half of all runs lie within 2 %. */
    public double relative() {
        return (upperQuartile - lowerQuartile) / 2 / median;
    }

    private static double quantile(double[] sorted, double fraction) {
        double position = fraction * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
