package io.github.hiera4j.train.probe;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The mean cross-entropy of a linear classifier plus {@code penalty / 2 · |weights|²}; the biases are not penalised.
 *
 * <p>A point is {@code [width + 1, classes]}; the last row holds the biases. All cores are used; sums run in the order of the samples,
 * so that the result does not depend on the number of cores.
 */
final class SoftmaxLoss implements Lbfgs.Function {
    private static final int BLOCK = 256;

    private final Features features;
    private final FeatureScaling scaling;
    private final int classes;
    private final double penalty;
    private final int width;
    private final double[][] inputs;
    private final double[][] errors;
    private final double[] losses;

    SoftmaxLoss(Features features, FeatureScaling scaling, int classes, double penalty) {
        this.features = features;
        this.scaling = scaling;
        this.classes = classes;
        this.penalty = penalty;
        width = features.width();
        inputs = new double[BLOCK][width];
        errors = new double[BLOCK][classes];
        losses = new double[BLOCK];
    }

    @Override
    public double valueAndGradient(double[] point, double[] gradient) {
        double value = 0;
        for (int i = 0; i < width * classes; i++) {
            gradient[i] = penalty * point[i];
            value += penalty / 2 * point[i] * point[i];
        }
        Arrays.fill(gradient, width * classes, gradient.length, 0);
        for (int start = 0; start < features.size(); start += BLOCK) {
            int first = start;
            int size = Math.min(BLOCK, features.size() - start);
            IntStream.range(0, size).parallel().forEach(i -> judge(point, first, i));
            IntStream.range(0, width + 1).parallel().forEach(row -> addGradient(gradient, row, size));
            for (int i = 0; i < size; i++) {
                value += losses[i];
            }
        }
        return value;
    }

    /** Scales one sample and computes its loss and its error: probabilities minus target. */
    private void judge(double[] point, int first, int i) {
        double[] error = errors[i];
        scaling.apply(features.rows()[first + i], inputs[i]);
        scores(point, inputs[i], error);
        int label = features.labels()[first + i];
        double own = error[label];
        double logSum = softmax(error);
        losses[i] = (logSum - own) / features.size();
        error[label] -= 1;
        for (int c = 0; c < classes; c++) {
            error[c] /= features.size();
        }
    }

    /** Adds a block's gradient of one feature's weights, or of the biases; four samples at a time, which saves memory traffic. */
    private void addGradient(double[] gradient, int row, int size) {
        int offset = row * classes;
        int i = 0;
        for (; i + 3 < size; i += 4) {
            double x0 = input(i, row);
            double x1 = input(i + 1, row);
            double x2 = input(i + 2, row);
            double x3 = input(i + 3, row);
            double[] e0 = errors[i];
            double[] e1 = errors[i + 1];
            double[] e2 = errors[i + 2];
            double[] e3 = errors[i + 3];
            for (int c = 0; c < classes; c++) {
                gradient[offset + c] += x0 * e0[c] + x1 * e1[c] + x2 * e2[c] + x3 * e3[c];
            }
        }
        for (; i < size; i++) {
            double x = input(i, row);
            double[] error = errors[i];
            for (int c = 0; c < classes; c++) {
                gradient[offset + c] += x * error[c];
            }
        }
    }

    private double input(int i, int row) {
        return row == width ? 1 : inputs[i][row];
    }

    /** Computes the scores of all classes for one scaled sample. */
    static void scores(double[] point, double[] input, double[] scores) {
        int classes = scores.length;
        System.arraycopy(point, input.length * classes, scores, 0, classes);
        int row = 0;
        for (; row + 3 < input.length; row += 4) {
            double x0 = input[row];
            double x1 = input[row + 1];
            double x2 = input[row + 2];
            double x3 = input[row + 3];
            int w0 = row * classes;
            int w1 = w0 + classes;
            int w2 = w1 + classes;
            int w3 = w2 + classes;
            for (int c = 0; c < classes; c++) {
                scores[c] += x0 * point[w0 + c] + x1 * point[w1 + c] + x2 * point[w2 + c] + x3 * point[w3 + c];
            }
        }
        for (; row < input.length; row++) {
            for (int c = 0; c < classes; c++) {
                scores[c] += input[row] * point[row * classes + c];
            }
        }
    }

    /** Turns scores into probabilities; returns the logarithm of the sum of their exponentials. */
    static double softmax(double[] scores) {
        double largest = Arrays.stream(scores).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < scores.length; c++) {
            scores[c] = Math.exp(scores[c] - largest);
            sum += scores[c];
        }
        for (int c = 0; c < scores.length; c++) {
            scores[c] /= sum;
        }
        return largest + Math.log(sum);
    }
}
