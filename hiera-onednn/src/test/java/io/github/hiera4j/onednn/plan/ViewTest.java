package io.github.hiera4j.onednn.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.onednn.primitive.Buffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views compared with the positions that follow from their definition. */
public class ViewTest {
    private static View dense(long... sizes) {
        return View.dense(Buffer.inArena(0), DType.FLOAT32, sizes);
    }

    @Test
    void aPermutedViewCannotJoinAxesThatNoLongerFollowEachOther() {
        assertThat(dense(2, 3, 4).permuted(0, 2, 1).reshaped(2, 12)).isNull();
        assertThat(dense(2, 3, 4).permuted(0, 2, 1).reshaped(2, 2, 2, 3)).isNotNull();
    }

    @Test
    void axesOfOneEntryHaveTheStrideTheyWouldHaveIfDense() {
        View view = Objects.requireNonNull(dense(6, 4).reshaped(1, 6, 1, 4));
        assertThat(view.strides()).containsExactly(24, 4, 4, 1);
    }

    @Test
    void aSliceKeepsItsStridesAndIsDenseOnlyWhereItsAxisLeads() {
        View middle = dense(4, 5).sliced(1, 2, 2);
        assertThat(middle.offset()).isEqualTo(2);
        assertThat(middle.isDense()).isFalse();
        assertThat(dense(4, 5).sliced(0, 1, 2).isDense()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void reshapingNeverChangesWhichElementComesWhen(long seed) {
        RandomGenerator random = new java.util.SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            View view = randomView(random);
            View reshaped = view.reshaped(randomSizes(random, view.elements()));
            if (reshaped != null) {
                assertThat(positions(reshaped))
                        .as("seed %d, %s to %s", seed, view, reshaped)
                        .isEqualTo(positions(view));
            }
        }
    }

    private static View randomView(RandomGenerator random) {
        View view = dense(1 + random.nextInt(3), 1 + random.nextInt(4), 2, 1 + random.nextInt(3));
        if (random.nextBoolean()) {
            view = view.permuted(0, 2, 1, 3);
        }
        if (random.nextBoolean()) {
            long size = view.size(1);
            long length = 1 + random.nextLong(size);
            view = view.sliced(1, random.nextLong(size - length + 1), length);
        }
        return view;
    }

    private static long[] randomSizes(RandomGenerator random, long elements) {
        long[] sizes = new long[4];
        Arrays.fill(sizes, 1);
        long rest = elements;
        for (long factor = 2; factor <= rest; factor++) {
            while (rest % factor == 0) {
                sizes[random.nextInt(4)] *= factor;
                rest /= factor;
            }
        }
        return sizes;
    }

    private static long[] positions(View view) {
        long[] positions = new long[(int) view.elements()];
        for (int i = 0; i < positions.length; i++) {
            long rest = i;
            positions[i] = view.offset();
            for (int axis = view.rank() - 1; axis >= 0; axis--) {
                positions[i] += rest % view.size(axis) * view.strides()[axis];
                rest /= view.size(axis);
            }
        }
        return positions;
    }
}
