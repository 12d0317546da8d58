package io.github.hiera4j.model.parity;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import tools.jackson.databind.JsonNode;

/**
 * The summary of a tensor in a golden file: its shape, three statistics of all elements, and the values of some elements.
 *
 * @param shape the tensor's shape
 * @param mean mean of all elements
 * @param std population standard deviation of all elements
 * @param l2 Euclidean norm of all elements
 * @param index flat row-major positions
 * @param value the elements there
 */
public record TensorSummary(Shape shape, double mean, double std, double l2, int[] index, double[] value) {

    /**
     * Reads a summary from the JSON of a golden file.
     *
     * @param json the object
     * @return the summary
     */
    public static TensorSummary read(JsonNode json) {
        return new TensorSummary(
                Shape.of(integers(json.path("shape"))),
                json.path("mean").asDouble(),
                json.path("std").asDouble(),
                json.path("l2").asDouble(),
                integers(json.path("index")),
                doubles(json.path("value")));
    }

    /**
     * {@return the summary of a single number, such as a loss}
     *
     * @param number the number
     */
    public static TensorSummary ofNumber(double number) {
        return new TensorSummary(Shape.of(1), number, 0, Math.abs(number), new int[] {0}, new double[] {number});
    }

    /**
     * {@return the summary of a matrix that is given as rows}
     *
     * @param rows rows of numbers, all of the same length
     */
    public static TensorSummary ofRows(JsonNode rows) {
        int columns = rows.path(0).size();
        double[] values = new double[rows.size() * columns];
        int[] index = new int[values.length];
        double squares = 0;
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            index[i] = i;
            values[i] = rows.path(i / columns).path(i % columns).asDouble();
            sum += values[i];
            squares += values[i] * values[i];
        }
        double mean = sum / values.length;
        double std = Math.sqrt(Math.max(0, squares / values.length - mean * mean));
        return new TensorSummary(Shape.of(rows.size(), columns), mean, std, Math.sqrt(squares), index, values);
    }

    /**
     * {@return the difference between a tensor and this summary: over the stated elements, the largest absolute difference and the L2
     * norm of the differences relative to the L2 norm of the stated elements; the statistics of all elements are included likewise}
     *
     * @param name the name
     * @param actual the computed tensor
     */
    public TensorDifference compare(String name, HostTensor actual) {
        check(
                actual.shape().elements() == shape.elements(),
                "%s: expected a tensor of %s, got %s",
                name,
                shape,
                actual.shape());
        double maxAbs = 0;
        double squaredDifference = 0;
        double squaredReference = 0;
        for (int i = 0; i < index.length; i++) {
            double difference = Math.abs(actual.get(index[i]) - value[i]);
            maxAbs = Math.max(maxAbs, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
            squaredDifference += difference * difference;
            squaredReference += value[i] * value[i];
        }
        double sampled = Math.sqrt(squaredDifference / Math.max(squaredReference, Double.MIN_NORMAL));
        double relative = Math.max(sampled, statisticsDifference(actual));
        return new TensorDifference(name, maxAbs, Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative);
    }

    /** Returns the largest difference of mean, deviation and norm per element, relative to the root mean square. */
    private double statisticsDifference(HostTensor actual) {
        int count = actual.elements();
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double element = actual.get(i);
            sum += element;
            squares += element * element;
        }
        double actualMean = sum / count;
        double actualStd = Math.sqrt(Math.max(0, squares / count - actualMean * actualMean));
        double rootMeanSquare = Math.max(l2 / Math.sqrt(count), Double.MIN_NORMAL);
        double norm = Math.abs(Math.sqrt(squares) - l2) / Math.sqrt(count);
        return Math.max(Math.max(Math.abs(actualMean - mean), Math.abs(actualStd - std)), norm) / rootMeanSquare;
    }

    private static int[] integers(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.path(i).asInt();
        }
        return values;
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.path(i).asDouble();
        }
        return values;
    }
}
