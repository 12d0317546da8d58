package io.github.hiera4j.detect.geometry;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;

/**
 * Keeps the best of overlapping boxes: in the order of descending scores, a box is dropped if its IoU with a kept one exceeds the
 * threshold. Boxes with equal scores keep their input order.
 */
public final class NonMaximumSuppression {
    private NonMaximumSuppression() {}

    /**
     * {@return positions of the kept boxes, best first}
     *
     * @param boxes boxes in pixels
     * @param scores one per box, 0 to 1
     * @param threshold largest IoU of two kept boxes, 0 to 1
     */
    public static int[] keep(Boxes boxes, double[] scores, double threshold) {
        return keep(boxes, scores, new int[scores.length], threshold);
    }

    /**
     * Suppresses boxes separately for each class: boxes of different classes never suppress each other.
     *
     * @param boxes boxes in pixels
     * @param scores one per box, 0 to 1
     * @param classes any integer per box
     * @param threshold the limit
     * @return positions of all kept boxes, best first over all classes
     */
    public static int[] keep(Boxes boxes, double[] scores, int[] classes, double threshold) {
        int count = boxes.size();
        check(
                scores.length == count && classes.length == count,
                "expected %d scores and classes, got %d and %d",
                count,
                scores.length,
                classes.length);
        int[] order = byFallingScore(scores);
        double[] areas = new double[count];
        Arrays.setAll(areas, boxes::area);
        boolean[] dropped = new boolean[count];
        int[] kept = new int[count];
        int used = 0;
        for (int i = 0; i < count; i++) {
            int best = order[i];
            if (dropped[best]) {
                continue;
            }
            kept[used++] = best;
            for (int j = i + 1; j < count; j++) {
                int other = order[j];
                if (!dropped[other] && classes[other] == classes[best]) {
                    double both = boxes.intersection(best, boxes, other);
                    // Two boxes without area have the IoU 0/0, which is never above the threshold: both are kept.
                    dropped[other] = both / (areas[best] + areas[other] - both) > threshold;
                }
            }
        }
        return Arrays.copyOf(kept, used);
    }

    /**
     * {@return positions by descending score; equal scores keep their order}
     *
     * @param scores one per box, 0 to 1
     */
    public static int[] byFallingScore(double[] scores) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        // Adding 0 converts -0 to 0, as in numeric comparisons.
        Arrays.sort(order, (a, b) -> Double.compare(scores[b] + 0.0, scores[a] + 0.0));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
