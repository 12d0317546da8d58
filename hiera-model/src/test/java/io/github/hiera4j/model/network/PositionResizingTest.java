package io.github.hiera4j.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PositionResizingTest {
    @ParameterizedTest
    @EnumSource(PositionResizing.class)
    void everyPositionIsAWeightedMean(PositionResizing rule) {
        for (int from = 1; from <= 17; from++) {
            for (int to = 1; to <= 17; to++) {
                double[] matrix = rule.matrix(from, to);
                for (int row = 0; row < to; row++) {
                    double sum = 0;
                    for (int column = 0; column < from; column++) {
                        sum += matrix[row * from + column];
                    }
                    assertThat(sum).as("row %d of %d to %d", row, from, to).isCloseTo(1, within(1e-12));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PositionResizing.class)
    void anUnchangedSizeChangesNothing(PositionResizing rule) {
        double[] matrix = rule.matrix(9, 9);
        for (int i = 0; i < matrix.length; i++) {
            assertThat(matrix[i]).isCloseTo(i % 10 == 0 ? 1 : 0, within(1e-12));
        }
    }
}
