package io.github.hiera4j.train.data;

import java.util.stream.IntStream;

/**
 * Which rows of a whole batch a part of it holds, where several processes share a batch.
 *
 * @param rows ascending
 * @param total rows of the whole batch
 */
public record BatchRows(int[] rows, int total) {
    /**
     * The whole batch.
     *
     * @param total rows of the batch
     * @return all of its rows
     */
    public static BatchRows all(int total) {
        return new BatchRows(IntStream.range(0, total).toArray(), total);
    }

    /**
     * Whether nothing is missing.
     *
     * @return true if all rows are there
     */
    public boolean isWhole() {
        return rows.length == total;
    }
}
