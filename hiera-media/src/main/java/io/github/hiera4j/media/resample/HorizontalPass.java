package io.github.hiera4j.media.resample;

import io.github.hiera4j.media.Rgb8Image;

/**
 * Resizes rows of one image horizontally, a strip of them at a time.
 *
 * <p>The strip's columns are stored one after another, so that weighting a column is a loop over consecutive numbers, which the
 * compiler vectorises; only the columns that one output reads are kept.
 */
public final class HorizontalPass {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    /** Rows per strip: enough for full vectors, few enough for the first-level cache. */
    private static final int LARGEST_STRIP = 64;

    /** Maximum samples to keep, for images so wide that one output reads very many columns. */
    private static final int LARGEST_WINDOW = 1 << 20;

    private final byte[] pixels;
    private final int rowBytes;
    private final ResampleAxis axis;
    private final int stripRows;
    /** A ring of source columns, {@code [stride][red of all rows, green of all rows, blue of all rows]}. */
    private final int[][] columns;

    private final int[] resized;

    HorizontalPass(Rgb8Image image, ResampleAxis axis) {
        this.pixels = image.bytes();
        this.rowBytes = image.width() * CHANNELS;
        this.axis = axis;
        int strip = Math.min(LARGEST_STRIP, LARGEST_WINDOW / CHANNELS / axis.stride);
        this.stripRows = Math.max(1, Math.min(strip, image.height()));
        this.columns = new int[axis.stride][CHANNELS * stripRows];
        this.resized = new int[CHANNELS * stripRows];
    }

    /** Returns the maximum number of rows for {@link #resizeRows}. */
    int stripRows() {
        return stripRows;
    }

    /**
     * Writes {@code outputs * 3} values of 0 to 255 for each row in a range of source rows.
     *
     * @param ring source row y is written to {@code ring[y % ring.length]}
     */
    void resizeRows(int firstRow, int rows, int[][] ring) {
        int[][] targets = new int[rows][];
        for (int row = 0; row < rows; row++) {
            targets[row] = ring[(firstRow + row) % ring.length];
        }
        int column = axis.first[0];
        for (int x = 0; x < axis.outputs; x++) {
            for (; column < axis.end(x); column++) {
                takeColumn(column, firstRow, rows, columns[column % columns.length]);
            }
            axis.weigh(x, columns, resized);
            for (int row = 0; row < rows; row++) {
                int[] target = targets[row];
                target[x * CHANNELS] = resized[row];
                target[x * CHANNELS + 1] = resized[stripRows + row];
                target[x * CHANNELS + 2] = resized[2 * stripRows + row];
            }
        }
    }

    private void takeColumn(int x, int firstRow, int rows, int[] column) {
        int from = firstRow * rowBytes + x * CHANNELS;
        for (int row = 0; row < rows; row++) {
            column[row] = pixels[from] & 0xff;
            column[stripRows + row] = pixels[from + 1] & 0xff;
            column[2 * stripRows + row] = pixels[from + 2] & 0xff;
            from += rowBytes;
        }
    }
}
