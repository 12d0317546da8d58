package io.github.hiera4j.train.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.baseline.parity.BaselineCase;
import io.github.hiera4j.model.baseline.parity.BaselineGoldens;
import io.github.hiera4j.model.testing.TestedDevice;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses of baselines and rungs, and their gradients for every parameter, against the reference's figures. */
class BaselineGradientTest {
    static Stream<BaselineCase> trainable() {
        return BaselineGoldens.nano().filter(BaselineCase::isTrainable);
    }

    @ParameterizedTest
    @MethodSource("trainable")
    void theLossAndEveryGradientMatch(BaselineCase golden) {
        assertThat(TrainingParity.run(golden, TestedDevice.OPTIONS))
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.error())
                        .as("%s of %s", difference.name(), golden.name())
                        .isLessThanOrEqualTo(difference.allowed()));
    }
}
