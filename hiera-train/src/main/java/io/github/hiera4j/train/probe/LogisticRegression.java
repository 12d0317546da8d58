package io.github.hiera4j.train.probe;

/** A linear classifier of scaled features, fitted to the optimum of its convex loss. */
final class LogisticRegression {
    private static final int MOST_STEPS = 300;
    private static final double TOLERANCE = 1e-5;

    /** A tolerance that is sufficient for comparing penalties. */
    static final double ROUGH = 1e-4;

    private final FeatureScaling scaling;
    private final int classes;
    private final double penalty;
    private final double[] point;

    private LogisticRegression(FeatureScaling scaling, int classes, double penalty, double[] point) {
        this.scaling = scaling;
        this.classes = classes;
        this.penalty = penalty;
        this.point = point;
    }

    /** Fits a classifier, starting from zeros. */
    static LogisticRegression fit(Features features, int classes, double penalty) {
        return fit(features, classes, penalty, TOLERANCE);
    }

    /** @param tolerance largest component of the gradient that is good enough */
    static LogisticRegression fit(Features features, int classes, double penalty, double tolerance) {
        double[] zeros = new double[(features.width() + 1) * classes];
        return new LogisticRegression(FeatureScaling.of(features), classes, penalty, zeros)
                .refit(features, penalty, tolerance);
    }

    /** Finds the optimum for another penalty, starting from this one, which is close if the penalties are. */
    LogisticRegression refit(Features features, double other, double tolerance) {
        SoftmaxLoss loss = new SoftmaxLoss(features, scaling, classes, other);
        double[] best = Lbfgs.minimize(loss, point, MOST_STEPS, tolerance).point();
        return new LogisticRegression(scaling, classes, other, best);
    }

    /** Returns the strength of the L2 penalty on the weights. */
    double penalty() {
        return penalty;
    }

    /** Returns the weight of a scaled feature for a class; the feature after the last one is the bias. */
    double weight(int feature, int label) {
        return point[feature * classes + label];
    }

    /** Returns the probability of every class. */
    double[] probabilities(float[] row) {
        double[] input = new double[row.length];
        double[] scores = new double[classes];
        scaling.apply(row, input);
        SoftmaxLoss.scores(point, input, scores);
        SoftmaxLoss.softmax(scores);
        return scores;
    }

    /** Returns the fraction of samples whose class is rated best. */
    double accuracy(Features judges) {
        int right = 0;
        for (int i = 0; i < judges.size(); i++) {
            double[] rated = probabilities(judges.rows()[i]);
            int best = 0;
            for (int label = 1; label < rated.length; label++) {
                best = rated[label] > rated[best] ? label : best;
            }
            right += best == judges.labels()[i] ? 1 : 0;
        }
        return right / (double) judges.size();
    }
}
