package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The straight path from a view of mean colour to a view, cut into parts; each is represented by the gradient of a class's score in
 * its middle. Gradients are summed as they come: where a part is halved, its own is computed again and taken away.
 */
final class GradientPath {
    private static final int BATCH = 4;

    private final Explainer explainer;
    private final HostTensor view;
    private final float[] pixels;
    private final int target;
    private final double[] gradientSum; // each part's gradient times its length
    private final PriorityQueue<Part> parts = new PriorityQueue<>(
            Comparator.comparingDouble(Part::fault).reversed().thenComparingDouble(Part::start));
    private final double difference;
    private double sum;

    /**
     * A part of the path.
     *
     * @param start share of the way, from 0
     * @param end share of the way, up to 1
     * @param before score at its start
     * @param after score at its end
     * @param slope derivative of the score by the share of the way, in its middle
     */
    private record Part(double start, double end, double before, double after, double slope) {
        double middle() {
            return (start + end) / 2;
        }

        double length() {
            return end - start;
        }

        /** How far the gradient is off the difference of the scores. */
        double fault() {
            return Math.abs(slope * length() - (after - before));
        }
    }

    /** The gradient in the middle of a stretch of the path, to be added the given number of times. */
    private record Sample(double start, double end, double before, double after, double weight) {}

    GradientPath(Explainer explainer, HostTensor view, int target, int count) {
        this.explainer = explainer;
        this.view = view;
        this.target = target;
        pixels = view.toFloats();
        gradientSum = new double[pixels.length];
        List<Sample> samples = new ArrayList<>();
        double before = score(0);
        double first = before;
        for (int part = 0; part < count; part++) {
            double end = (part + 1.0) / count;
            double after = score(end);
            samples.add(new Sample((double) part / count, end, before, after, 1.0 / count));
            before = after;
        }
        difference = before - first;
        parts.addAll(compute(samples));
    }

    /** The difference of the scores at both ends. */
    double difference() {
        return difference;
    }

    /** The sum of the attribution so far. */
    double sum() {
        return sum;
    }

    int parts() {
        return parts.size();
    }

    /** Halves the parts whose gradient is furthest off. */
    void halveWorst(int count) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Part worst = parts.remove();
            double middle = worst.middle();
            double between = score(middle);
            samples.add(new Sample(worst.start(), worst.end(), worst.before(), worst.after(), -worst.length()));
            samples.add(new Sample(worst.start(), middle, worst.before(), between, worst.length() / 2));
            samples.add(new Sample(middle, worst.end(), between, worst.after(), worst.length() / 2));
        }
        parts.addAll(compute(samples));
    }

    /** Adds the samples' gradients; the parts that they represent, without those that are taken away. */
    private List<Part> compute(List<Sample> samples) {
        List<Part> made = new ArrayList<>();
        for (int start = 0; start < samples.size(); start += BATCH) {
            List<Sample> batch = samples.subList(start, Math.min(samples.size(), start + BATCH));
            float[] path = new float[batch.size() * pixels.length];
            for (int i = 0; i < path.length; i++) {
                Sample sample = batch.get(i / pixels.length);
                path[i] = (float) ((sample.start() + sample.end()) / 2 * pixels[i % pixels.length]);
            }
            float[] gradients =
                    explainer.pixelGradients(HostTensor.of(view.shape().withSize(0, batch.size()), path), target);
            for (int number = 0; number < batch.size(); number++) {
                Sample sample = batch.get(number);
                double slope = 0;
                for (int i = 0; i < pixels.length; i++) {
                    double gradient = gradients[number * pixels.length + i];
                    gradientSum[i] += sample.weight() * gradient;
                    slope += gradient * pixels[i];
                }
                sum += sample.weight() * slope;
                if (sample.weight() > 0) {
                    made.add(new Part(sample.start(), sample.end(), sample.before(), sample.after(), slope));
                }
            }
        }
        return made;
    }

    /** The mean gradient along the path times the difference of the pixels. */
    double[] attribution() {
        double[] attribution = new double[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            attribution[i] = gradientSum[i] * pixels[i];
        }
        return attribution;
    }

    private double score(double share) {
        float[] scaled = new float[pixels.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (share * pixels[i]);
        }
        return explainer.score(HostTensor.of(view.shape(), scaled), target);
    }
}
