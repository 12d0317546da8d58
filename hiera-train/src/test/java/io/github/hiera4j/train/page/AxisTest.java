package io.github.hiera4j.train.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AxisTest {
    @Test
    void ticksAreRoundAndEncloseTheValues() {
        Axis axis = Axis.around(0.231, 2.31, 6);
        assertThat(axis.ticks()).containsExactly(0.0, 0.5, 1.0, 1.5, 2.0, 2.5);
        assertThat(axis.ticks()).extracting(axis::label).containsExactly("0.0", "0.5", "1.0", "1.5", "2.0", "2.5");
    }

    @Test
    void anAxisBeginsWhereItHelps() {
        assertThat(Axis.around(91.2, 94.8, 6).ticks()).containsExactly(91.0, 92.0, 93.0, 94.0, 95.0);
    }

    @Test
    void smallNumbersShareAPowerOfTenInTheTitle() {
        Axis axis = Axis.around(0, 0.00031, 6);
        assertThat(axis.factor()).isEqualTo(" (×10⁻⁴)");
        assertThat(axis.ticks()).extracting(axis::label).containsExactly("0", "1", "2", "3", "4");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 100, 0.5, -3, 1e-9, 1e9})
    void aSingleValueHasAnAxisAroundIt(double value) {
        Axis axis = Axis.around(value, value, 6);
        assertThat(axis.place(value)).isBetween(0.0, 1.0);
        assertThat(axis.ticks()).hasSizeBetween(2, 8);
    }

    @Test
    void ticksOfAnyRangeAreFewDistinctAndWithinIt() {
        long seed = 11;
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            double low = random.nextGaussian() * Math.pow(10, random.nextInt(12) - 6);
            double high = low + Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(12) - 6);
            Axis axis = Axis.around(low, high, 6);
            List<String> labels = axis.ticks().stream().map(axis::label).toList();
            assertThat(axis.low()).as("seed %d, case %d", seed, i).isLessThanOrEqualTo(low + axis.step() * 1e-6);
            assertThat(axis.high()).as("seed %d, case %d", seed, i).isGreaterThanOrEqualTo(high - axis.step() * 1e-6);
            assertThat(labels)
                    .as("seed %d, case %d", seed, i)
                    .doesNotHaveDuplicates()
                    .hasSizeBetween(2, 8);
        }
    }

    @Test
    void stepsAreWholeNumbers() {
        assertThat(Axis.within(0, 3, 5, 1).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0);
        assertThat(Axis.within(0, 437, 5, 1).ticks()).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0);
    }
}
