package io.github.hiera4j.train.augment;

import java.util.random.RandomGenerator;

/** The symmetric Beta distribution, through two Gamma variates (Marsaglia and Tsang, 2000). */
final class BetaDistribution {
    private BetaDistribution() {}

    /** Returns a sample in [0, 1]; {@code concentration} must be above 0. */
    static double draw(double concentration, RandomGenerator random) {
        double first = gamma(concentration, random);
        double second = gamma(concentration, random);
        return first + second == 0 ? 0.5 : first / (first + second);
    }

    private static double gamma(double shape, RandomGenerator random) {
        if (shape < 1) {
            return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = 1 + c * x;
            if (v > 0) {
                double cube = v * v * v;
                double u = 1 - random.nextDouble();
                if (Math.log(u) < 0.5 * x * x + d - d * cube + d * Math.log(cube)) {
                    return d * cube;
                }
            }
        }
    }
}
