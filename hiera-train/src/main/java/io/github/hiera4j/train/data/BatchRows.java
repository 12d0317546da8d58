package io.github.hiera4j.train.data;

import java.util.stream.IntStream;

/**
 * The rows of a whole batch that one process holds if several processes share the batch.
 *
 * @param rows ascending
 * @param total rows of the whole batch
 */
public record BatchRows(int[] rows, int total) {
    /**
     * Returns all rows of a whole batch.
     *
     * @param total rows of the batch
     * @return all of its rows
     */
    public static BatchRows all(int total) {
        return new BatchRows(IntStream.range(0, total).toArray(), total);
    }

    /**
     * Returns whether these are all rows of the batch.
     *
     * @return true if no row is missing
     */
    public boolean isWhole() {
        return rows.length == total;
    }
}
