package io.github.hiera4j.train.metrics;

import static io.github.hiera4j.model.Check.check;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Collects a model's predictions for held-out samples; the probabilities of a sample's views are averaged. */
public final class Evaluation {
    private static final double LEAST = 1e-12; // a probability of 0 would make the loss infinite

    private final int classes;
    private final Map<Integer, float[]> probabilities = new TreeMap<>();
    private final Map<Integer, Integer> labels = new TreeMap<>();
    private final Map<Integer, Integer> views = new TreeMap<>();
    private double lossSum;
    private long lossCount;

    /**
     * Creates an evaluation without samples.
     *
     * @param classes 0 for an autoencoder
     */
    public Evaluation(int classes) {
        this.classes = classes;
    }

    /**
     * Adds one view of a sample.
     *
     * @param sample the sample, from 0
     * @param label index of the class
     * @param view a probability per class
     * @throws io.github.hiera4j.model.HieraException if one is not finite
     */
    public void addView(int sample, int label, float[] view) {
        for (float score : view) {
            check(
                    Float.isFinite(score),
                    "validation sample %d: the model's scores are not finite (%s): its weights are damaged, training"
                            + " diverged, or the precision is too low",
                    sample,
                    score);
        }
        labels.put(sample, label);
        views.merge(sample, 1, Integer::sum);
        probabilities.merge(sample, view, Evaluation::sum);
    }

    /**
     * Adds the mean loss of a number of samples.
     *
     * @param loss mean over the samples
     * @param samples number of samples
     * @throws io.github.hiera4j.model.HieraException if it is not finite
     */
    public void addLoss(double loss, int samples) {
        check(
                Double.isFinite(loss),
                "the validation loss is %s: the model's weights are damaged, training diverged, or the precision is too low",
                loss);
        lossSum += loss * samples;
        lossCount += samples;
    }

    /**
     * Serialises everything that was added, for {@link #addAll} in another process.
     *
     * @return bytes that only the same version can read
     */
    public byte[] toBytes() {
        int entry = 3 * Integer.BYTES + classes * Float.BYTES;
        int size = Double.BYTES + Long.BYTES + Math.multiplyExact(probabilities.size(), entry);
        ByteBuffer bytes = ByteBuffer.allocate(size);
        bytes.putDouble(lossSum).putLong(lossCount);
        probabilities.forEach((sample, sums) -> {
            bytes.putInt(sample).putInt(Objects.requireNonNull(labels.get(sample)));
            bytes.putInt(Objects.requireNonNull(views.get(sample)));
            for (float sum : sums) {
                bytes.putFloat(sum);
            }
        });
        return bytes.array();
    }

    /**
     * Adds the samples or views of another evaluation.
     *
     * @param added result of {@link #toBytes}, for the same classes
     */
    public void addAll(byte[] added) {
        ByteBuffer bytes = ByteBuffer.wrap(added);
        lossSum += bytes.getDouble();
        lossCount += bytes.getLong();
        while (bytes.hasRemaining()) {
            int sample = bytes.getInt();
            labels.put(sample, bytes.getInt());
            views.merge(sample, bytes.getInt(), Integer::sum);
            float[] sums = new float[classes];
            for (int i = 0; i < classes; i++) {
                sums[i] = bytes.getFloat();
            }
            probabilities.merge(sample, sums, Evaluation::sum);
        }
    }

    private static float[] sum(float[] sum, float[] more) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more[i];
        }
        return sum;
    }

    /**
     * The prediction for one sample.
     *
     * @param sample its index in the data set
     * @param label its true class
     * @param predicted the class of the highest probability
     * @param confidence that probability, 0 to 1, mean over the sample's views
     * @param rank number of classes rated above the true one; 0 if the prediction is correct
     */
    public record Prediction(int sample, int label, int predicted, double confidence, int rank) {}

    /** {@return the predictions for all samples, in the order of their indices} */
    public List<Prediction> samples() {
        List<Prediction> predictions = new ArrayList<>();
        probabilities.forEach((sample, sum) -> {
            int label = Objects.requireNonNull(labels.get(sample));
            int count = Objects.requireNonNull(views.get(sample));
            int best = 0;
            int rank = 0;
            for (int i = 0; i < classes; i++) {
                best = sum[i] > sum[best] ? i : best;
                rank += sum[i] > sum[label] || (sum[i] == sum[label] && i < label) ? 1 : 0;
            }
            predictions.add(new Prediction(sample, label, best, sum[best] / count, rank));
        });
        return predictions;
    }

    /**
     * Returns the fraction of samples whose class is among the {@code k} best rated.
     *
     * @param k number of classes, 1 or more
     * @return 0 to 1
     */
    public double top(int k) {
        List<Prediction> all = samples();
        return all.isEmpty()
                ? 0
                : (double) all.stream().filter(one -> one.rank() < k).count() / all.size();
    }

    /**
     * Returns the fraction of samples whose class is rated best among some of the classes.
     *
     * @param allowed the classes to choose from; must contain the class of every sample
     * @return 0 to 1
     */
    public double topAmong(Collection<Integer> allowed) {
        int right = 0;
        for (Map.Entry<Integer, float[]> sample : probabilities.entrySet()) {
            float[] scores = sample.getValue();
            int label = Objects.requireNonNull(labels.get(sample.getKey()));
            boolean beaten = allowed.stream()
                    .anyMatch(other ->
                            scores[other] > scores[label] || (scores[other] == scores[label] && other < label));
            right += beaten ? 0 : 1;
        }
        return probabilities.isEmpty() ? 0 : (double) right / probabilities.size();
    }

    /**
     * Returns the confusion matrix: the row is the true class, the column the predicted class.
     *
     * @return numbers of samples
     */
    public int[][] confusion() {
        int[][] matrix = new int[classes][classes];
        samples().forEach(one -> matrix[one.label()][one.predicted()]++);
        return matrix;
    }

    /**
     * {@return the mean loss: an autoencoder's own loss, or the cross-entropy of a classifier's averaged probabilities, without smoothing}
     * NaN if nothing was evaluated.
     */
    public double loss() {
        if (classes > 0) {
            return crossEntropy();
        }
        return lossCount == 0 ? Double.NaN : lossSum / lossCount;
    }

    private double crossEntropy() {
        double sum = 0;
        for (Map.Entry<Integer, float[]> sample : probabilities.entrySet()) {
            int label = Objects.requireNonNull(labels.get(sample.getKey()));
            int count = Objects.requireNonNull(views.get(sample.getKey()));
            sum -= Math.log(Math.max(LEAST, sample.getValue()[label] / count));
        }
        return probabilities.isEmpty() ? Double.NaN : sum / probabilities.size();
    }

    /** {@return number of samples} */
    public int count() {
        return probabilities.isEmpty() ? (int) lossCount : probabilities.size();
    }

    /** {@return the figures by name, as they are logged} */
    public Map<String, Double> figures() {
        if (classes == 0) {
            return Map.of("validation_loss", loss());
        }
        Map<String, Double> figures = new TreeMap<>();
        figures.put("top1", top(1));
        figures.put("top5", top(Math.min(5, classes)));
        if (count() > 0) {
            figures.put("validation_loss", loss());
        }
        return figures;
    }

    /** {@return a score for choosing the best checkpoint; larger is better} */
    public double score() {
        return classes == 0 ? -loss() : top(1);
    }
}
