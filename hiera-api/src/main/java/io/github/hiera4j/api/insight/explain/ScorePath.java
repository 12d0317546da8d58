package io.github.hiera4j.api.insight.explain;

import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A class's score along the straight path from a view of mean colour to a view, cut where it bends most. */
final class ScorePath {
    private static final int FIRST_PARTS = 8;

    private final Explainer explainer;
    private final HostTensor view;
    private final int target;
    private final PriorityQueue<Part> parts = new PriorityQueue<>(
            Comparator.comparingDouble(Part::bend).reversed().thenComparingDouble(Part::start));

    /**
     * A part of the path.
     *
     * @param start share of the way, from 0
     * @param end share of the way, up to 1
     * @param scores at its start, middle and end
     */
    record Part(double start, double end, List<Double> scores) {
        double middle() {
            return (start + end) / 2;
        }

        double length() {
            return end - start;
        }

        /** How far the score in the middle is off the straight line. */
        double bend() {
            return Math.abs(2 * scores.get(1) - scores.get(0) - scores.get(2));
        }
    }

    ScorePath(Explainer explainer, HostTensor view, int target) {
        this.explainer = explainer;
        this.view = view;
        this.target = target;
        double before = score(0);
        for (int part = 0; part < FIRST_PARTS; part++) {
            double start = (double) part / FIRST_PARTS;
            double end = (part + 1.0) / FIRST_PARTS;
            double after = score(end);
            parts.add(new Part(start, end, List.of(before, score((start + end) / 2), after)));
            before = after;
        }
    }

    /** The path in at least so many parts, from its start to its end. */
    List<Part> parts(int count) {
        while (parts.size() < count) {
            Part worst = parts.remove();
            double middle = worst.middle();
            parts.add(half(
                    worst.start(), middle, worst.scores().get(0), worst.scores().get(1)));
            parts.add(half(
                    middle, worst.end(), worst.scores().get(1), worst.scores().get(2)));
        }
        return parts.stream().sorted(Comparator.comparingDouble(Part::start)).toList();
    }

    private Part half(double start, double end, double before, double after) {
        return new Part(start, end, List.of(before, score((start + end) / 2), after));
    }

    private double score(double share) {
        float[] pixels = view.toFloats();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] *= (float) share;
        }
        return explainer.score(HostTensor.of(view.shape(), pixels), target);
    }
}
