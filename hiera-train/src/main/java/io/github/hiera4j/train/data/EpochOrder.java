package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.optimize.Randomness;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The order of an epoch: a permutation that follows from seed and epoch, every sample shown {@code repeats} times in a row
 * ("repeated augmentation"), so that an epoch is as long as without.
 *
 * <p>Nothing about it depends on the number of processes: each of them reads some rows of every batch.
 */
public final class EpochOrder {
    private static final int EPOCH = 0x5eed;
    private static final int LANE = 0x1a9e;
    private static final int MOST_LANES = 256;

    private EpochOrder() {}

    /**
     * {@link #sharded} for samples in shards that are to be read through a shuffle buffer, otherwise {@link #shuffled}.
     *
     * @param source the samples
     * @param batch rows of a batch, of all processes together
     * @param buffer samples among which the next one is drawn; 0: all
     * @param repeats how often each sample is seen in an epoch
     * @param seed decides every random choice
     * @param epoch from 0
     * @return indices to show, one for each sample
     */
    public static int[] of(SampleSource source, int batch, int buffer, int repeats, long seed, int epoch) {
        int[] shards = source.shards();
        return buffer == 0 || shards.length == 0
                ? shuffled(source.size(), repeats, seed, epoch)
                : sharded(shards, source.size(), batch, buffer, repeats, seed, epoch);
    }

    /**
     * {@return indices to show, {@code size} of them}
     *
     * @param size number of samples
     * @param repeats how often each sample is seen in an epoch
     * @param seed decides every random choice
     * @param epoch from 0
     */
    public static int[] shuffled(int size, int repeats, long seed, int epoch) {
        checkRepeats(repeats);
        int[] order = permutation(size, Randomness.of(seed, EPOCH, epoch));
        int[] shown = new int[size];
        for (int i = 0; i < size; i++) {
            shown[i] = order[i / repeats];
        }
        return shown;
    }

    /**
     * An order in which reading stays in a few places of a few files.
     *
     * <p>The shards are shuffled and their samples laid out one after the other. This sequence is cut into as many pieces of equal
     * length as there are lanes (the largest divisor of the batch that is at most 256). A lane shows its piece from the beginning to the
     * end, each sample drawn from the next {@code buffer} ones, and fills the same rows of every batch. Lanes belong to rows in the order
     * in which {@code BatchShare.mirroredRows} hands rows to processes, so that a process reads its own lanes, and so shards of its
     * own up to those in which two pieces meet, where the number of processes divides the lanes and its rows are even in number.
     *
     * @param shards index of the first sample of every shard
     * @param size number of samples
     * @param batch rows of a batch, of all processes together
     * @param buffer samples among which a lane draws the next one, at least 1
     * @param repeats how often each sample is seen in an epoch
     * @param seed decides every random choice
     * @param epoch from 0
     * @return indices to show, {@code size} of them; what does not fill a batch is at the end
     */
    public static int[] sharded(int[] shards, int size, int batch, int buffer, int repeats, long seed, int epoch) {
        checkRepeats(repeats);
        check(batch >= 1 && buffer >= 1, "expected a batch and a buffer of at least 1, got %d and %d", batch, buffer);
        int[] sequence = laidOut(shards, size, Randomness.of(seed, EPOCH, epoch));
        int batches = size / batch;
        int lanes = lanes(batch);
        int rows = batch / lanes;
        int[] order = new int[size];
        for (int lane = 0; lane < lanes; lane++) {
            int length = batches * rows;
            int[] piece = new int[length];
            System.arraycopy(sequence, lane * length, piece, 0, length);
            draw(piece, buffer, Randomness.of(seed, LANE, epoch, lane));
            for (int i = 0; i < length; i++) {
                int place = i / rows * batch + row(lane * rows + i % rows, batch);
                order[place] = piece[i / repeats];
            }
        }
        int filled = batches * batch;
        System.arraycopy(sequence, filled, order, filled, size - filled);
        return order;
    }

    /** The largest divisor of a batch that is no more than what a machine can hold open. */
    static int lanes(int batch) {
        int lanes = Math.min(MOST_LANES, batch);
        while (batch % lanes != 0) {
            lanes--;
        }
        return lanes;
    }

    /** The row with a number in the order of processes: from the beginning and from the end of the batch in turn. */
    private static int row(int number, int batch) {
        return number % 2 == 0 ? number / 2 : batch - 1 - number / 2;
    }

    private static int[] laidOut(int[] shards, int size, RandomGenerator random) {
        int[] sequence = new int[size];
        int next = 0;
        for (int shard : permutation(shards.length, random)) {
            int end = shard + 1 < shards.length ? shards[shard + 1] : size;
            for (int index = shards[shard]; index < end; index++) {
                sequence[next++] = index;
            }
        }
        return sequence;
    }

    /** Shuffles in place, as a stream through a buffer is: the place of what is drawn is taken by the next of the stream. */
    private static void draw(int[] piece, int buffer, RandomGenerator random) {
        for (int i = 0; i < piece.length; i++) {
            int other = i + random.nextInt(Math.min(buffer, piece.length - i));
            swap(piece, i, other);
        }
    }

    private static int[] permutation(int size, RandomGenerator random) {
        int[] order = IntStream.range(0, size).toArray();
        for (int i = size - 1; i > 0; i--) {
            swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    private static void swap(int[] values, int a, int b) {
        int held = values[a];
        values[a] = values[b];
        values[b] = held;
    }

    private static void checkRepeats(int repeats) {
        check(repeats >= 1, "samples are shown at least once, got %d repeats", repeats);
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
