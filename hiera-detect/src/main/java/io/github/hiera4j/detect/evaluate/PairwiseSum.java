package io.github.hiera4j.detect.evaluate;

/**
 * Sums in the order of numpy's pairwise summation, so that means are bitwise identical to Python's: eight running sums in blocks
 * of at most 128 elements, and larger arrays split into halves at multiples of eight.
 */
final class PairwiseSum {
    private static final int BLOCK = 128;

    private PairwiseSum() {}

    /** Returns the mean of the values; NaN if there are none. */
    static double mean(double[] values, int count) {
        return sum(values, 0, count) / count;
    }

    private static double sum(double[] values, int from, int count) {
        if (count < 8) {
            double sum = -0.0;
            for (int i = 0; i < count; i++) {
                sum += values[from + i];
            }
            return sum;
        }
        if (count > BLOCK) {
            int half = count / 2;
            half -= half % 8;
            return sum(values, from, half) + sum(values, from + half, count - half);
        }
        double[] running = new double[8];
        System.arraycopy(values, from, running, 0, 8);
        int i = 8;
        for (; i < count - count % 8; i += 8) {
            for (int lane = 0; lane < 8; lane++) {
                running[lane] += values[from + i + lane];
            }
        }
        double sum = ((running[0] + running[1]) + (running[2] + running[3]))
                + ((running[4] + running[5]) + (running[6] + running[7]));
        for (; i < count; i++) {
            sum += values[from + i];
        }
        return sum;
    }
}
