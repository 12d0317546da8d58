package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The straight path from a view of mean colour to a view, divided into parts; each is represented by the gradient of a class's score at
 * its middle. Gradients are summed immediately: when a part is halved, its own gradient is computed again and subtracted.
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
     * @param start fraction of the path, from 0
     * @param end fraction of the path, up to 1
     * @param before score at its start
     * @param after score at its end
     * @param slope derivative of the score with respect to the fraction of the path, at the middle of the part
     */
    private record Part(double start, double end, double before, double after, double slope) {
        double middle() {
            return (start + end) / 2;
        }

        double length() {
            return end - start;
        }

        /** Returns the deviation of the gradient from the difference of the scores. */
        double fault() {
            return Math.abs(slope * length() - (after - before));
        }
    }

    /** A gradient to compute at the middle of a section of the path, and the weight with which it is added. */
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

    /** Returns the difference of the scores at both ends. */
    double difference() {
        return difference;
    }

    /** Returns the sum of the attribution so far. */
    double sum() {
        return sum;
    }

    int parts() {
        return parts.size();
    }

    /** Halves the parts whose gradient deviates most. */
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

    /** Adds the gradients of samples and returns the parts that they represent, without the subtracted ones. */
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

    /** Returns the mean gradient along the path times the difference of the pixels. */
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
