package io.github.hiera4j.detect.geometry;

/** The losses of detection in plain Java: the reference for the engines' versions. */
public final class Losses {
    private Losses() {}

    /**
     * {@return the sum of smooth L1 distances}
     *
     * @param predicted the output of the network
     * @param target the target, of the same shape
     * @param beta the distance at which the quadratic part ends; 0 gives the L1 distance
     */
    public static double smoothL1(double[] predicted, double[] target, double beta) {
        double sum = 0;
        for (int i = 0; i < predicted.length; i++) {
            double distance = Math.abs(predicted[i] - target[i]);
            sum += distance < beta ? .5 * distance * distance / beta : distance - .5 * beta;
        }
        return sum;
    }

    /**
     * {@return the sum of binary cross-entropies of logits}
     *
     * @param logits scores before softmax or sigmoid
     * @param labels target probabilities
     */
    public static double binaryCrossEntropy(double[] logits, double[] labels) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            sum += Math.max(logits[i], 0) - logits[i] * labels[i] + Math.log1p(Math.exp(-Math.abs(logits[i])));
        }
        return sum;
    }

    /**
     * {@return the mean cross-entropy of rows of logits, {@code [rows, classes]}}
     *
     * @param logits scores before softmax or sigmoid
     * @param targets the class of each row
     */
    public static double crossEntropy(double[] logits, int[] targets) {
        int classes = logits.length / targets.length;
        double sum = 0;
        for (int row = 0; row < targets.length; row++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < classes; i++) {
                largest = Math.max(largest, logits[row * classes + i]);
            }
            double total = 0;
            for (int i = 0; i < classes; i++) {
                total += Math.exp(logits[row * classes + i] - largest);
            }
            sum += Math.log(total) + largest - logits[row * classes + targets[row]];
        }
        return sum / targets.length;
    }
}
