package io.github.hiera4j.train.probe;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the L2 penalty using training samples only: four fifths of every class are fitted, the rest is used for measuring. Strong
 * penalties are tried first; a weaker one must have a higher accuracy.
 */
final class PenaltyChoice {
    /** The penalty if there are too few samples to choose by. */
    static final double UNTRIED = 1e-2;

    private static final List<Double> CANDIDATES = List.of(1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5);
    private static final int JUDGES_EVERY = 5;
    private static final int MOST_SAMPLES = 20_000;

    private PenaltyChoice() {}

    /** @return the penalty with the highest accuracy */
    static double of(Features train, int classes) {
        Split split = split(train, classes);
        if (split.judges().size() == 0) {
            return UNTRIED;
        }
        double best = UNTRIED;
        double most = -1;
        LogisticRegression fitted = null;
        for (double candidate : CANDIDATES) {
            fitted = fitted == null
                    ? LogisticRegression.fit(split.fitted(), classes, candidate, LogisticRegression.ROUGH)
                    : fitted.refit(split.fitted(), candidate, LogisticRegression.ROUGH);
            double right = fitted.accuracy(split.judges());
            if (right > most) {
                most = right;
                best = candidate;
            }
        }
        return best;
    }

    /** Samples to fit, and samples to measure with. */
    record Split(Features fitted, Features judges) {}

    /** Reserves every fifth sample of each class for measuring; very large sets are subsampled evenly. */
    static Split split(Features train, int classes) {
        int stride = (train.size() + MOST_SAMPLES - 1) / MOST_SAMPLES;
        int[] seen = new int[classes];
        List<Integer> fitted = new ArrayList<>();
        List<Integer> judges = new ArrayList<>();
        for (int i = 0; i < train.size(); i++) {
            int occurrence = seen[train.labels()[i]]++;
            if (occurrence % stride == 0) {
                boolean judge = occurrence / stride % JUDGES_EVERY == JUDGES_EVERY - 1;
                (judge ? judges : fitted).add(i);
            }
        }
        return new Split(
                train.subset(fitted.stream().mapToInt(Integer::intValue).toArray()),
                train.subset(judges.stream().mapToInt(Integer::intValue).toArray()));
    }
}
