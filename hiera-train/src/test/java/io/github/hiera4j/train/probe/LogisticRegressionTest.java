package io.github.hiera4j.train.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.train.optimize.Randomness;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
    private static Features features(float[][] rows, int[] labels) {
        return new Features(rows, labels, IntStream.range(0, rows.length).toArray());
    }

    /** Returns clouds around one centre per class, with a distance of {@code distance} standard deviations between centres. */
    static Features clouds(int size, int width, int classes, double distance, long seed) {
        float[][] rows = new float[size][width];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            RandomGenerator random = Randomness.of(seed, i);
            labels[i] = i % classes;
            for (int k = 0; k < width; k++) {
                rows[i][k] = (float) (5 + 3 * (random.nextGaussian() + (k % classes == labels[i] ? distance : 0)));
            }
        }
        return features(rows, labels);
    }

    @Test
    void separateCloudsAreSeparated() {
        LogisticRegression classifier = LogisticRegression.fit(clouds(600, 12, 4, 3, 1), 4, 1e-3);
        assertThat(classifier.accuracy(clouds(400, 12, 4, 3, 2))).isGreaterThan(0.99);
    }

    @Test
    void withoutAnyInformationTheProbabilitiesAreTheClassesShares() {
        int[] labels = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2};
        LogisticRegression classifier = LogisticRegression.fit(features(new float[10][3], labels), 3, 1, 1e-10);
        assertThat(classifier.probabilities(new float[3])).containsExactly(new double[] {0.5, 0.3, 0.2}, within(1e-8));
    }

    /**
     * With one feature of ±1 and two balanced classes, where the feature agrees with the class for a fraction p of either class, by
     * symmetry the weights are ±w with {@code penalty · w + sigmoid(2w) = p}, and the scaling does not change the feature.
     */
    @Test
    void theOptimumIsTheSolutionOfItsEquation() {
        int size = 200;
        double share = 0.8;
        double penalty = 0.05;
        float[][] rows = new float[size][1];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            labels[i] = i % 2;
            int pair = i / 2;
            boolean agrees = pair < share * size / 2;
            rows[i][0] = (labels[i] == 1) == agrees ? 1 : -1;
        }
        LogisticRegression classifier = LogisticRegression.fit(features(rows, labels), 2, penalty, 1e-11);
        double low = 0;
        double high = 10;
        for (int halving = 0; halving < 100; halving++) {
            double middle = (low + high) / 2;
            boolean tooLarge = penalty * middle + 1 / (1 + Math.exp(-2 * middle)) > share;
            low = tooLarge ? low : middle;
            high = tooLarge ? middle : high;
        }
        assertThat(classifier.weight(0, 1)).isCloseTo(low, within(1e-5)); // the scaling adds 1e-6 to the variance
        assertThat(classifier.weight(0, 0)).isCloseTo(-low, within(1e-5));
        assertThat(classifier.weight(1, 0)).isCloseTo(0, within(1e-8));
    }

    @Test
    void theGradientIsTheSlopeOfTheLoss() {
        Features features = clouds(700, 5, 3, 0.5, 3); // more than one block
        SoftmaxLoss loss = new SoftmaxLoss(features, FeatureScaling.of(features), 3, 0.01);
        double[] point = Randomness.of(4).doubles(18, -1, 1).toArray();
        double[] gradient = new double[18];
        loss.valueAndGradient(point, gradient);
        double[] ignored = new double[18];
        for (int i = 0; i < 18; i++) {
            double[] above = point.clone();
            double[] below = point.clone();
            above[i] += 1e-5;
            below[i] -= 1e-5;
            double slope = (loss.valueAndGradient(above, ignored) - loss.valueAndGradient(below, ignored)) / 2e-5;
            assertThat(gradient[i]).isCloseTo(slope, within(1e-8));
        }
    }

    @Test
    void twoFitsAreTheSameToTheLastBit() {
        Features features = clouds(700, 8, 3, 0.5, 5);
        LogisticRegression first = LogisticRegression.fit(features, 3, 1e-3);
        LogisticRegression second = LogisticRegression.fit(features, 3, 1e-3);
        for (float[] row : features.rows()) {
            assertThat(first.probabilities(row)).containsExactly(second.probabilities(row));
        }
    }

    @Test
    void thePenaltyIsChosenOnTrainingSamplesThatWereNotFitted() {
        Features few = clouds(100, 60, 2, 0.25, 6);
        PenaltyChoice.Split split = PenaltyChoice.split(few, 2);
        assertThat(split.fitted().size()).isEqualTo(80);
        assertThat(split.judges().size()).isEqualTo(20);
        assertThat(split.judges().samples()).doesNotContain(split.fitted().samples());
        double chosen = PenaltyChoice.of(few, 2);
        double held = LogisticRegression.fit(few, 2, chosen).accuracy(clouds(2000, 60, 2, 0.25, 7));
        double weak = LogisticRegression.fit(few, 2, 1e-5).accuracy(clouds(2000, 60, 2, 0.25, 7));
        assertThat(held).isGreaterThan(weak);
        assertThat(PenaltyChoice.of(clouds(4, 3, 2, 1, 8), 2)).isEqualTo(PenaltyChoice.UNTRIED);
    }
}
