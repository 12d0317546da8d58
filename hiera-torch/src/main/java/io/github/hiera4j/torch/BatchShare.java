package io.github.hiera4j.torch;

import static io.github.hiera4j.model.Check.check;

/**
 * Which rows of a batch one of several processes works on.
 *
 * <p>In training, processes work on equally many rows: on some from the beginning of the batch and on those that mirror them at its
 * end. So a sample and its partner in mixup and CutMix, which is the mirrored one, are always in the same process.
 *
 * @param rank of the process, from 0
 * @param processes how many there are
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
     * Whether this is the whole batch.
     *
     * @return true if there is one process
     */
    public boolean isWhole() {
        return processes == 1;
    }

    /**
     * The rows of a training batch, ascending.
     *
     * @param size rows of this process; the batch has {@code size * processes}
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
     * The rows of a batch that need not be divisible, ascending; of a small batch some processes have none.
     *
     * @param total rows of the batch
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
