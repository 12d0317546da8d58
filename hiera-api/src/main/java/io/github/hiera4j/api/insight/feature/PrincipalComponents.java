package io.github.hiera4j.api.insight.feature;

import static io.github.hiera4j.model.Check.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The directions along which vectors vary most, by orthogonal iteration on their covariance matrix in double precision. Signs are
 * chosen so that the largest weight of each direction is positive: equal vectors give equal components on every machine.
 */
public final class PrincipalComponents {
    private static final int MOST_ITERATIONS = 2000;
    private static final double CONVERGED = 1e-12;

    private final double[] mean;
    private final double[][] directions;
    private final double[] variances;
    private final double totalVariance;

    private PrincipalComponents(double[] mean, double[][] directions, double[] variances, double totalVariance) {
        this.mean = mean;
        this.directions = directions;
        this.variances = variances;
        this.totalVariance = totalVariance;
    }

    /**
     * Fits the components of vectors.
     *
     * @param blocks each a row-major array of vectors
     * @param channels length of a vector
     * @param count number of components, at most {@code channels}
     * @return the components, the one with the largest variance first
     */
    public static PrincipalComponents fit(List<float[]> blocks, int channels, int count) {
        check(count >= 1 && count <= channels, "1 to %d components can be computed, got %d", channels, count);
        double[] mean = new double[channels];
        long vectors = 0;
        for (float[] block : blocks) {
            for (int i = 0; i < block.length; i++) {
                mean[i % channels] += block[i];
            }
            vectors += block.length / channels;
        }
        check(vectors >= 2, "principal components need at least 2 vectors, got %d", vectors);
        for (int channel = 0; channel < channels; channel++) {
            mean[channel] /= vectors;
        }
        double[][] covariance = covariance(blocks, mean, vectors);
        double total = 0;
        for (int channel = 0; channel < channels; channel++) {
            total += covariance[channel][channel];
        }
        double[][] directions = iterate(covariance, count);
        double[] variances = new double[count];
        for (int i = 0; i < count; i++) {
            variances[i] = dot(directions[i], product(covariance, directions[i]));
        }
        return new PrincipalComponents(mean, directions, variances, total);
    }

    private static double[][] covariance(List<float[]> blocks, double[] mean, long vectors) {
        int channels = mean.length;
        double[][] covariance = new double[channels][channels];
        IntStream.range(0, channels).parallel().forEach(row -> {
            double[] sums = covariance[row];
            for (float[] block : blocks) {
                for (int start = 0; start < block.length; start += channels) {
                    double own = block[start + row] - mean[row];
                    for (int column = 0; column < channels; column++) {
                        sums[column] += own * (block[start + column] - mean[column]);
                    }
                }
            }
            for (int column = 0; column < channels; column++) {
                sums[column] /= vectors;
            }
        });
        return covariance;
    }

    private static double[][] iterate(double[][] covariance, int count) {
        int channels = covariance.length;
        SplittableRandom random = new SplittableRandom(1);
        double[][] basis = new double[count][channels];
        for (double[] direction : basis) {
            Arrays.setAll(direction, i -> random.nextDouble() - 0.5);
        }
        orthonormalise(basis);
        for (int iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
            double[][] next = new double[count][];
            Arrays.setAll(next, i -> product(covariance, basis[i]));
            orthonormalise(next);
            double change = 0;
            for (int i = 0; i < count; i++) {
                change = Math.max(change, 1 - Math.abs(dot(basis[i], next[i])));
                basis[i] = next[i];
            }
            if (change < CONVERGED) {
                break;
            }
        }
        for (double[] direction : basis) {
            int largest = 0;
            for (int i = 1; i < channels; i++) {
                largest = Math.abs(direction[i]) > Math.abs(direction[largest]) ? i : largest;
            }
            double sign = Math.signum(direction[largest]);
            Arrays.setAll(direction, i -> sign * direction[i]);
        }
        return basis;
    }

    /** Applies Gram–Schmidt; a direction without variance is replaced by an arbitrary one orthogonal to the others. */
    private static void orthonormalise(double[][] basis) {
        for (int i = 0; i < basis.length; i++) {
            for (int attempt = 0; ; attempt++) {
                for (int before = 0; before < i; before++) {
                    double share = dot(basis[i], basis[before]);
                    for (int channel = 0; channel < basis[i].length; channel++) {
                        basis[i][channel] -= share * basis[before][channel];
                    }
                }
                double length = Math.sqrt(dot(basis[i], basis[i]));
                if (length > 1e-150) {
                    double scale = 1 / length;
                    double[] direction = basis[i];
                    Arrays.setAll(direction, channel -> direction[channel] * scale);
                    break;
                }
                Arrays.fill(basis[i], 0);
                basis[i][(i + attempt) % basis[i].length] = 1;
            }
        }
    }

    private static double[] product(double[][] matrix, double[] vector) {
        double[] result = new double[matrix.length];
        IntStream.range(0, matrix.length).parallel().forEach(row -> result[row] = dot(matrix[row], vector));
        return result;
    }

    private static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }

    /**
     * Returns the components of vectors.
     *
     * @param vectors row-major
     * @return row-major, one row per vector, one column per component
     */
    public float[] project(float[] vectors) {
        int channels = mean.length;
        int count = directions.length;
        float[] result = new float[vectors.length / channels * count];
        for (int row = 0; row < vectors.length / channels; row++) {
            for (int component = 0; component < count; component++) {
                double sum = 0;
                for (int channel = 0; channel < channels; channel++) {
                    sum += (vectors[row * channels + channel] - mean[channel]) * directions[component][channel];
                }
                result[row * count + component] = (float) sum;
            }
        }
        return result;
    }

    /** {@return the fraction of the variance that each component explains, 0 to 1} */
    public List<Double> varianceShares() {
        List<Double> shares = new ArrayList<>();
        for (double variance : variances) {
            shares.add(totalVariance > 0 ? variance / totalVariance : 0);
        }
        return shares;
    }
}
