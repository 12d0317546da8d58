package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.optimize.Randomness;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The order of an epoch: a permutation that follows from seed and epoch, every sample shown {@code repeats} times in a row
 * ("repeated augmentation"), so that an epoch is as long as without.
 */
public final class EpochOrder {
    private EpochOrder() {}

    /**
     * {@return indices to show, {@code size} of them}
     *
     * @param size number of samples
     * @param repeats how often each sample is seen in an epoch
     * @param seed decides every random choice
     * @param epoch from 0
     */
    public static int[] shuffled(int size, int repeats, long seed, int epoch) {
        check(repeats >= 1, "samples are shown at least once, got %d repeats", repeats);
        RandomGenerator random = Randomness.of(seed, 0x5eed, epoch);
        int[] order = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[other];
            order[other] = held;
        }
        int[] shown = new int[size];
        for (int i = 0; i < size; i++) {
            shown[i] = order[i / repeats];
        }
        return shown;
    }

    /**
     * {@return some of {@code size} samples, evenly spread: classes stand one after another in most data sets}
     *
     * @param count how many
     * @param size number of samples
     */
    public static int[] spread(int count, int size) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = (int) ((long) i * size / count);
        }
        return order;
    }
}
