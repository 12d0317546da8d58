package io.github.hiera4j.train.probe;

/**
 * Scales every feature to a mean of zero and a standard deviation of one, like the batch norm without weights before a masked
 * autoencoder's linear probe (He et al. 2022, appendix A.1). The statistics are those of the training samples.
 */
final class FeatureScaling {
    private static final double EPSILON = 1e-6;

    private final double[] mean;
    private final double[] inverseDeviation;

    private FeatureScaling(double[] mean, double[] inverseDeviation) {
        this.mean = mean;
        this.inverseDeviation = inverseDeviation;
    }

    static FeatureScaling of(Features features) {
        int width = features.width();
        double[] mean = new double[width];
        double[] squares = new double[width];
        for (float[] row : features.rows()) {
            for (int i = 0; i < width; i++) {
                mean[i] += row[i] / (double) features.size();
            }
        }
        for (float[] row : features.rows()) {
            for (int i = 0; i < width; i++) {
                squares[i] += (row[i] - mean[i]) * (row[i] - mean[i]);
            }
        }
        double[] inverse = new double[width];
        for (int i = 0; i < width; i++) {
            inverse[i] = 1 / Math.sqrt(squares[i] / features.size() + EPSILON);
        }
        return new FeatureScaling(mean, inverse);
    }

    /** Writes a scaled row. */
    void apply(float[] row, double[] target) {
        for (int i = 0; i < row.length; i++) {
            target[i] = (row[i] - mean[i]) * inverseDeviation[i];
        }
    }
}
