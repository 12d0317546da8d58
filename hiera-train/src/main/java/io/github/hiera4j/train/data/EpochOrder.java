package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.optimize.Randomness;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The order of an epoch: a permutation determined by seed and epoch, in which every sample is shown {@code repeats} times in a row
 * ("repeated augmentation"); the length of an epoch does not change.
 *
 * <p>The order does not depend on the number of processes: each of them reads some rows of every batch.
 */
public final class EpochOrder {
    private static final int EPOCH = 0x5eed;
    private static final int LANE = 0x1a9e;
    private static final int MOST_LANES = 256;

    private EpochOrder() {}

    /**
     * Returns {@link #sharded} for samples in shards that are read through a shuffle buffer, otherwise {@link #shuffled}.
     *
     * @param source the samples
     * @param batch rows of a batch, of all processes together
     * @param buffer samples among which the next one is drawn; 0: all
     * @param repeats how often each sample is seen in an epoch
     * @param seed determines every random choice
     * @param epoch from 0
     * @return the indices to show, one for each sample
     */
    public static int[] of(SampleSource source, int batch, int buffer, int repeats, long seed, int epoch) {
        int[] shards = source.shards();
        return buffer == 0 || shards.length == 0
                ? shuffled(source.size(), repeats, seed, epoch)
                : sharded(shards, source.size(), batch, buffer, repeats, seed, epoch);
    }

    /**
     * {@return the {@code size} indices to show}
     *
     * @param size number of samples
     * @param repeats how often each sample is seen in an epoch
     * @param seed determines every random choice
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
     * Returns an order that reads from only a few places in a few files at a time.
     *
     * <p>The shards are shuffled and their samples concatenated. This sequence is cut into pieces of equal length, one per lane (the
     * number of lanes is the largest divisor of the batch that is at most 256). A lane shows its piece from beginning to end, drawing
     * each sample from the next {@code buffer} ones, and always fills the same rows of every batch. Lanes are assigned to rows in the
     * order in which {@code BatchShare.mirroredRows} assigns rows to processes. If the number of processes divides the number of lanes
     * and each process has an even number of rows, every process therefore reads its own lanes, and shares with others only the shards
     * in which two pieces meet.
     *
     * @param shards index of the first sample of every shard
     * @param size number of samples
     * @param batch rows of a batch, of all processes together
     * @param buffer samples among which a lane draws the next one, at least 1
     * @param repeats how often each sample is seen in an epoch
     * @param seed determines every random choice
     * @param epoch from 0
     * @return the {@code size} indices to show; those that do not fill a batch are at the end
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

    /** Returns the largest divisor of a batch that does not exceed the number of files a machine can keep open. */
    static int lanes(int batch) {
        int lanes = Math.min(MOST_LANES, batch);
        while (batch % lanes != 0) {
            lanes--;
        }
        return lanes;
    }

    /** Returns the row with a number in the order of processes: alternately from the beginning and the end of the batch. */
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

    /** Shuffles in place as a shuffle buffer does: the next element of the stream replaces the one that was drawn. */
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
     * {@return evenly spread indices out of {@code size} samples, because most data sets are sorted by class}
     *
     * @param count number of indices
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
