package io.github.hiera4j.train.page;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of values with ticks at round numbers: 1, 2 or 5 times a power of ten apart.
 *
 * @param low value at the beginning of the axis
 * @param high value at its end
 * @param step distance between two ticks
 * @param ticks labelled values, ascending
 */
record Axis(double low, double high, double step, List<Double> ticks) {
    private static final double SLACK = 1e-9; // for rounding errors of sums of steps

    /** Returns an axis that begins and ends at a tick and contains both values. */
    static Axis around(double lowest, double highest, int mostTicks) {
        double low = lowest;
        double high = highest;
        if (!(high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)))) {
            double margin = low == 0 ? 1 : Math.abs(low) / 4;
            low -= margin;
            high += margin;
            if (lowest >= 0) {
                low = Math.max(0, low);
            }
        }
        double step = roundStep((high - low) / (mostTicks - 1));
        while (last(high, step) - first(low, step) + 1 > mostTicks) {
            step = roundStep(1.5 * step);
        }
        return of(first(low, step) * step, last(high, step) * step, step);
    }

    private static double first(double low, double step) {
        return Math.floor(low / step + SLACK);
    }

    private static double last(double high, double step) {
        return Math.ceil(high / step - SLACK);
    }

    /** Returns an axis that ends exactly at both values, with the ticks between them. */
    static Axis within(double low, double high, int mostTicks, double leastStep) {
        double end = high > low ? high : low + 1;
        return of(low, end, Math.max(leastStep, roundStep((end - low) / mostTicks)));
    }

    private static Axis of(double low, double high, double step) {
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.ceil(low / step - SLACK);
        long last = (long) Math.floor(high / step + SLACK);
        for (long tick = first; tick <= last; tick++) {
            ticks.add(
                    BigDecimal.valueOf(step).multiply(BigDecimal.valueOf(tick)).doubleValue());
        }
        return new Axis(low, high, step, ticks);
    }

    /** Returns the smallest 1, 2 or 5 times a power of ten that is not less than a value. */
    private static double roundStep(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power >= least * (1 - SLACK)) {
                return exact(factor * power);
            }
        }
        return exact(10 * power);
    }

    /** Removes the rounding errors of {@code Math.pow}. */
    private static double exact(double step) {
        return Double.parseDouble(Markup.format("%.0e", step));
    }

    /** Returns the position of a value, from 0 at the beginning to 1 at the end. */
    double place(double value) {
        return (value - low) / (high - low);
    }

    /** Returns the power of ten that labels are divided by; 0 if plain numbers are short enough. */
    int exponent() {
        double largest = Math.max(Math.abs(low), Math.abs(high));
        int power = (int) Math.floor(Math.log10(largest));
        return power >= 5 || power < -2 ? power : 0;
    }

    /** Returns a tick's label; all have the same number of decimals. */
    String label(double tick) {
        int exponent = exponent();
        int decimals = Math.max(0, exponent - (int) Math.floor(Math.log10(step) + SLACK));
        double value = tick == 0 ? 0 : tick / Math.pow(10, exponent); // no negative zero
        return Markup.format("%." + decimals + "f", value);
    }

    /** Returns {@code  (×10⁻⁴)} if labels are divided by a power of ten, otherwise an empty string. */
    String factor() {
        int exponent = exponent();
        if (exponent == 0) {
            return "";
        }
        StringBuilder raised = new StringBuilder();
        String.valueOf(exponent)
                .chars()
                .forEach(digit -> raised.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0')));
        return " (×10" + raised + ")";
    }
}
