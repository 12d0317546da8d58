package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.random.RandomGenerator;

/** The accuracy of simple methods on a data set: a data set that they solve proves nothing. */
final class Baselines {
    private static final int EPOCHS = 8;
    private static final double RATE = 0.05;

    private Baselines() {}

    /** Computes a simple method's features of a frame. */
    interface Features {
        float[] of(Rgb8Image frame);
    }

    /** Returns the frame's colour histogram with 4 × 4 × 4 bins. */
    static float[] colourHistogram(Rgb8Image frame) {
        float[] bins = new float[64];
        byte[] rgb = frame.toByteArray();
        for (int i = 0; i < rgb.length; i += 3) {
            bins[(rgb[i] & 0xc0) >> 2 | (rgb[i + 1] & 0xc0) >> 4 | (rgb[i + 2] & 0xc0) >> 6] += 64f * 3 / rgb.length;
        }
        return bins;
    }

    /** Returns every pixel value, shifted and scaled. */
    static float[] pixels(Rgb8Image frame) {
        byte[] rgb = frame.toByteArray();
        float[] values = new float[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            values[i] = ((rgb[i] & 0xff) - 128) / 64f;
        }
        return values;
    }

    /**
     * Returns the held-out accuracy of softmax regression on features of the middle frame.
     *
     * @param clip chooses the frames that are read
     */
    static double accuracy(SampleSource train, SampleSource test, int classes, ClipChoice clip, Features features) {
        float[][] seen = features(train, clip, features);
        float[][] held = features(test, clip, features);
        float[][] weights = fit(seen, train, classes);
        int right = 0;
        for (int i = 0; i < held.length; i++) {
            double[] scores = scores(weights, held[i]);
            int best = 0;
            for (int label = 1; label < classes; label++) {
                best = scores[label] > scores[best] ? label : best;
            }
            right += best == test.label(i) ? 1 : 0;
        }
        return (double) right / held.length;
    }

    private static float[][] features(SampleSource source, ClipChoice clip, Features features) {
        float[][] all = new float[source.size()][];
        for (int i = 0; i < all.length; i++) {
            var frames = source.read(i, clip);
            all[i] = features.of(frames.get(frames.size() / 2));
        }
        return all;
    }

    private static float[][] fit(float[][] features, SampleSource labels, int classes) {
        int size = features[0].length;
        float[][] weights = new float[classes][size + 1];
        RandomGenerator random = Randomness.of(7);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            double rate = RATE / Math.sqrt(size) * (1 - (double) epoch / EPOCHS);
            for (int shown = 0; shown < features.length; shown++) {
                int i = random.nextInt(features.length);
                double[] probabilities = softmax(scores(weights, features[i]));
                for (int label = 0; label < classes; label++) {
                    float step = (float) (rate * ((label == labels.label(i) ? 1 : 0) - probabilities[label]));
                    for (int k = 0; k < size; k++) {
                        weights[label][k] += step * features[i][k];
                    }
                    weights[label][size] += step;
                }
            }
        }
        return weights;
    }

    private static double[] scores(float[][] weights, float[] features) {
        double[] scores = new double[weights.length];
        for (int label = 0; label < weights.length; label++) {
            float sum = weights[label][features.length];
            for (int k = 0; k < features.length; k++) {
                sum += weights[label][k] * features[k];
            }
            scores[label] = sum;
        }
        return scores;
    }

    private static double[] softmax(double[] scores) {
        double largest = java.util.Arrays.stream(scores).max().orElseThrow();
        double sum = 0;
        double[] result = new double[scores.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = Math.exp(scores[i] - largest);
            sum += result[i];
        }
        for (int i = 0; i < result.length; i++) {
            result[i] /= sum;
        }
        return result;
    }
}
