package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.geometry.Boxes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Collects comparisons of computed figures with those of a file. */
public final class Findings {
    private final List<Finding> all = new ArrayList<>();

    /**
     * Compares figures that must agree exactly: integers, orders, strings, and bitwise identical doubles.
     *
     * @param name the name
     * @param expected the reference's value
     * @param actual what was computed
     */
    public void equal(String name, Object expected, Object actual) {
        all.add(new Finding(name, expected.equals(actual) ? 0 : 1, 0));
    }

    /** Adds an error measured by the caller. */
    void within(String name, double error, double allowed) {
        all.add(new Finding(name, error, allowed));
    }

    /**
     * Compares numbers with an absolute error of at most {@code allowed} times the largest expected magnitude, at least 1.
     *
     * @param name the name
     * @param expected the reference's values
     * @param actual what was computed
     * @param allowed largest error that passes
     */
    public void close(String name, double[] expected, double[] actual, double allowed) {
        compare(name, expected, actual, allowed, 1);
    }

    /**
     * Compares numbers with an error of at most {@code allowed} times the largest expected magnitude.
     *
     * @param name the name
     * @param expected the reference's values
     * @param actual what was computed
     * @param allowed largest error that passes
     */
    public void relative(String name, double[] expected, double[] actual, double allowed) {
        compare(name, expected, actual, allowed, 0);
    }

    private void compare(String name, double[] expected, double[] actual, double allowed, double leastScale) {
        check(
                expected.length == actual.length,
                "%s: expected %d numbers, got %d",
                name,
                expected.length,
                actual.length);
        double scale = leastScale;
        for (double value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(expected[i] - actual[i]) / (scale == 0 ? 1 : scale);
            worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
        }
        all.add(new Finding(name, worst, allowed));
    }

    /**
     * Compares a tensor with a summary, relative to the largest listed element and to the norm.
     *
     * @param name the name
     * @param summary the golden's summary of a tensor
     * @param actual what was computed
     * @param allowed largest error that passes
     */
    public void relativeSummary(String name, JsonNode summary, double[] actual, double allowed) {
        long elements = 1;
        for (JsonNode size : summary.path("shape")) {
            elements *= size.asInt();
        }
        check(elements == actual.length, "%s: expected %d elements, got %d", name, elements, actual.length);
        double squares = 0;
        for (double value : actual) {
            squares += value * value;
        }
        double[] norm = {summary.path("l2").asDouble()};
        relative(name + " norm", norm, new double[] {Math.sqrt(squares)}, allowed);
        relative(name, doubles(summary.path("value")), listed(name, summary, actual), allowed);
    }

    private static double[] listed(String name, JsonNode summary, double[] actual) {
        int[] index = integers(summary.path("index"));
        double[] listed = new double[index.length];
        for (int i = 0; i < index.length; i++) {
            check(index[i] >= 0 && index[i] < actual.length, "%s: index %d is outside the tensor", name, index[i]);
            listed[i] = actual[index[i]];
        }
        return listed;
    }

    /** Compares a tensor with a summary: shape, statistics and listed elements. */
    void summary(String name, JsonNode summary, double[] actual, double allowed) {
        long elements = 1;
        for (JsonNode size : summary.path("shape")) {
            elements *= size.asInt();
        }
        check(elements == actual.length, "%s: expected %d elements, got %d", name, elements, actual.length);
        double sum = 0;
        double squares = 0;
        for (double value : actual) {
            sum += value;
            squares += value * value;
        }
        double mean = sum / elements;
        double deviation = Math.sqrt(Math.max(0, squares / elements - mean * mean));
        close(
                name + " statistics",
                new double[] {
                    summary.path("mean").asDouble(),
                    summary.path("std").asDouble(),
                    summary.path("l2").asDouble()
                },
                new double[] {mean, deviation, Math.sqrt(squares)},
                Math.max(allowed, 1e-12));
        close(name, doubles(summary.path("value")), listed(name, summary, actual), allowed);
    }

    /** {@return the comparisons so far} */
    public List<Finding> all() {
        return List.copyOf(all);
    }

    /**
     * {@return the comparison that comes closest to its limit, or exceeds it most}
     *
     * @param findings the comparisons
     */
    public static Finding worst(List<Finding> findings) {
        return findings.stream()
                .max(Comparator.<Finding>comparingDouble(finding -> finding.ok() ? 0 : 1)
                        .thenComparingDouble(Finding::error))
                .orElseThrow();
    }

    /**
     * {@return all numbers in a nested list, in order}
     *
     * @param list an array of numbers
     */
    public static double[] doubles(JsonNode list) {
        List<Double> values = new ArrayList<>();
        flatten(list, values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void flatten(JsonNode node, List<Double> values) {
        if (node.isArray()) {
            node.forEach(child -> flatten(child, values));
        } else {
            check(node.isNumber(), "expected a number in a list of figures");
            values.add(node.asDouble());
        }
    }

    /**
     * {@return all numbers in a nested list as integers, in order}
     *
     * @param list an array of numbers
     */
    public static int[] integers(JsonNode list) {
        double[] values = doubles(list);
        int[] integers = new int[values.length];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (int) values[i];
        }
        return integers;
    }

    static List<Integer> integerList(JsonNode list) {
        List<Integer> values = new ArrayList<>();
        for (int value : integers(list)) {
            values.add(value);
        }
        return values;
    }

    static List<Integer> listOf(int... values) {
        List<Integer> list = new ArrayList<>();
        for (int value : values) {
            list.add(value);
        }
        return list;
    }

    /**
     * {@return boxes from rows of corners}
     *
     * @param rows an array of boxes
     */
    public static Boxes boxes(JsonNode rows) {
        return Boxes.of(doubles(rows));
    }

    static double[] flat(double[][] rows) {
        return java.util.Arrays.stream(rows)
                .flatMapToDouble(java.util.Arrays::stream)
                .toArray();
    }
}
