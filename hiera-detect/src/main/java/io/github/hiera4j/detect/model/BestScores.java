package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.NonMaximumSuppression;
import java.util.Arrays;

/** Selects the largest scores. */
final class BestScores {
    private BestScores() {}

    /**
     * Returns the positions of the {@code count} largest scores, largest first; equal ones keep their order. NaN counts as negative
     * infinity.
     */
    static int[] positions(double[] scores, int count) {
        double[] comparable = scores.clone();
        for (int i = 0; i < comparable.length; i++) {
            comparable[i] = Double.isNaN(comparable[i]) ? Double.NEGATIVE_INFINITY : comparable[i] + 0.0;
        }
        int[] candidates = candidates(comparable, Math.min(count, scores.length));
        double[] chosen =
                Arrays.stream(candidates).mapToDouble(i -> comparable[i]).toArray();
        return Arrays.stream(NonMaximumSuppression.byFallingScore(chosen))
                .map(i -> candidates[i])
                .toArray();
    }

    /** Returns the same positions in ascending order: all scores above the smallest selected one, and the first ones equal to it. */
    private static int[] candidates(double[] scores, int count) {
        int[] chosen = new int[count];
        if (count == 0) {
            return chosen;
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        double smallest = sorted[sorted.length - count];
        int above = 0;
        for (double score : scores) {
            above += score > smallest ? 1 : 0;
        }
        int ties = count - above;
        int used = 0;
        for (int i = 0; i < scores.length && used < count; i++) {
            if (scores[i] > smallest) {
                chosen[used++] = i;
            } else if (scores[i] == smallest && ties > 0) {
                chosen[used++] = i;
                ties--;
            }
        }
        return chosen;
    }
}
