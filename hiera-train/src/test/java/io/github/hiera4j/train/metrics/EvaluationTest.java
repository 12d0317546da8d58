package io.github.hiera4j.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void scoresThatAreNotFiniteAreNeverRight(float score) {
        Evaluation evaluation = new Evaluation(2);
        assertThatThrownBy(() -> evaluation.addView(3, 0, new float[] {score, score}))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("validation sample 3: the model's scores are not finite");
        assertThatThrownBy(() -> new Evaluation(0).addLoss(score, 1))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("the validation loss is");
        assertThat(evaluation.count()).isZero();
    }

    @Test
    void theViewsOfASampleAreAveraged() {
        Evaluation evaluation = new Evaluation(2);
        evaluation.addView(0, 1, new float[] {0.6f, 0.4f});
        evaluation.addView(0, 1, new float[] {0.1f, 0.9f});
        evaluation.addView(1, 1, new float[] {0.6f, 0.4f});
        assertThat(evaluation.top(1)).isEqualTo(0.5);
        assertThat(evaluation.samples().get(0).predicted()).isEqualTo(1);
    }

    @Test
    void classesThatMayNotBeAnsweredDoNotCount() {
        Evaluation evaluation = new Evaluation(3);
        evaluation.addView(0, 1, new float[] {0.5f, 0.3f, 0.2f});
        evaluation.addView(1, 2, new float[] {0.5f, 0.3f, 0.2f});
        evaluation.addView(2, 2, new float[] {0.6f, 0.2f, 0.2f}); // a tie: the lower number is predicted
        assertThat(evaluation.top(1)).isZero();
        assertThat(evaluation.topAmong(List.of(1, 2))).isEqualTo(1 / 3.0);
        assertThat(evaluation.topAmong(List.of(0, 1, 2))).isEqualTo(evaluation.top(1));
    }

    @Test
    void theLossIsTheCrossEntropyOfTheAveragedProbabilities() {
        Evaluation evaluation = new Evaluation(2);
        evaluation.addView(0, 1, new float[] {0.75f, 0.25f});
        evaluation.addView(0, 1, new float[] {0.25f, 0.75f});
        evaluation.addView(1, 0, new float[] {0, 1});
        assertThat(evaluation.figures().get("validation_loss"))
                .isCloseTo((Math.log(2) + Math.log(1e12)) / 2, within(1e-9));
    }
}
