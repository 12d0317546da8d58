package io.github.hiera4j.torch;

import static io.github.hiera4j.model.Check.check;

/**
 * The rows of a batch that one of several processes works on.
 *
 * <p>In training, processes work on equal numbers of rows: some from the beginning of the batch and their mirror images from its
 * end. A sample and its partner in mixup and CutMix, which is the mirrored one, are therefore always in the same process.
 *
 * @param rank number of the process, from 0
 * @param processes number of processes
 */
public record BatchShare(int rank, int processes) {
    /** The whole batch. */
    public static final BatchShare WHOLE = new BatchShare(0, 1);

    /**
     * Checks that the number of the process is below the number of processes.
     *
     * @param processes number of processes, at least 1
     * @param rank number of this process, from 0
     */
    public BatchShare {
        check(
                processes >= 1 && rank >= 0 && rank < processes,
                "expected a rank from 0 to %d, got %d",
                processes - 1,
                rank);
    }

    /**
     * Returns whether this is the whole batch.
     *
     * @return true if there is one process
     */
    public boolean isWhole() {
        return processes == 1;
    }

    /**
     * Returns the rows of a training batch, in ascending order.
     *
     * @param size number of rows of this process; the batch has {@code size * processes}
     * @return {@code size} row numbers of the whole batch
     */
    public int[] mirroredRows(int size) {
        int half = size / 2;
        int total = Math.multiplyExact(size, processes);
        int[] rows = new int[size];
        for (int i = 0; i < half; i++) {
            rows[i] = rank * half + i;
            rows[size - 1 - i] = total - 1 - rows[i];
        }
        if (size % 2 == 1) {
            rows[half] = processes * half + rank;
        }
        return rows;
    }

    /**
     * Returns the rows of a batch of any size, in ascending order; for a small batch some processes have none.
     *
     * @param total number of rows of the batch
     * @return row numbers of the whole batch
     */
    public int[] consecutiveRows(int total) {
        int first = (int) ((long) total * rank / processes);
        int end = (int) ((long) total * (rank + 1) / processes);
        int[] rows = new int[end - first];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = first + i;
        }
        return rows;
    }
}
