package io.github.hiera4j.train.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import org.junit.jupiter.api.Test;

class NearestNeighboursTest {
    /** Directions of 0°, 60°, 90° and 180°, of different lengths. */
    private static final Features TRAIN = new Features(
            new float[][] {{2, 0}, {0.5f, (float) Math.sqrt(0.75)}, {0, 7}, {-1, 0}},
            new int[] {0, 1, 1, 2},
            new int[] {0, 1, 2, 3});

    @Test
    void votesWeighByTheExponentialOfTheCosineOverTheTemperature() {
        double[] scores = new NearestNeighbours(TRAIN, 4, 3, 0.5).scores(new float[] {3, 0});
        double all = Math.exp(1 / 0.5) + Math.exp(0.5 / 0.5) + Math.exp(0);
        assertThat(scores[0]).isCloseTo(Math.exp(2) / all, within(1e-6));
        assertThat(scores[1]).isCloseTo((Math.exp(1) + 1) / all, within(1e-6));
    }

    @Test
    void classesWithoutAVoteFollowInTheOrderOfTheirNearestSample() {
        double[] scores = new NearestNeighbours(TRAIN, 4, 1, 0.07).scores(new float[] {1, 0});
        assertThat(scores[0]).isEqualTo(1);
        assertThat(scores[1]).isCloseTo(-1.5, within(1e-6));
        assertThat(scores[2]).isCloseTo(-3, within(1e-6));
        assertThat(scores[3]).isLessThanOrEqualTo(scores[2]);
    }

    @Test
    void ofMoreNeighboursThanSamplesAllVote() {
        assertThat(new NearestNeighbours(TRAIN, 3, 20, 0.07).neighbours()).isEqualTo(4);
        assertThatThrownBy(() -> new NearestNeighbours(TRAIN, 3, 0, 0.07))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("at least 1 neighbour, got 0");
    }

    @Test
    void ofManyTheMostSimilarAreFound() {
        Features train = LogisticRegressionTest.clouds(500, 9, 3, 2, 1);
        Features held = LogisticRegressionTest.clouds(60, 9, 3, 2, 2);
        NearestNeighbours nearest = new NearestNeighbours(train, 3, 1, 0.07);
        for (float[] row : held.rows()) {
            int best = 0;
            for (int i = 1; i < train.size(); i++) {
                best = cosine(row, train.rows()[i]) > cosine(row, train.rows()[best]) ? i : best;
            }
            assertThat(nearest.scores(row)[train.labels()[best]]).isEqualTo(1);
        }
    }

    private static double cosine(float[] left, float[] right) {
        double product = 0;
        double leftSquare = 0;
        double rightSquare = 0;
        for (int i = 0; i < left.length; i++) {
            product += (double) left[i] * right[i];
            leftSquare += (double) left[i] * left[i];
            rightSquare += (double) right[i] * right[i];
        }
        return product / Math.sqrt(leftSquare * rightSquare);
    }
}
