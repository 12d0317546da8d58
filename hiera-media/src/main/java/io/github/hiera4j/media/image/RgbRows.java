package io.github.hiera4j.media.image;

import io.github.hiera4j.media.Rgb8Image;

/**
 * Collects an image row by row from the top, in full size or reduced so that each pixel is the rounded mean of a square of
 * {@code factor × factor} pixels. Remaining columns and rows that do not fill a square are omitted.
 */
final class RgbRows {
    private final int columns;
    private final int width;
    private final int height;
    private final int factor;
    private final byte[] rgb;
    private final long[] sums;
    private int row;

    /**
     * @param columns number of columns
     * @param rows number of rows that will be added
     * @param factor 1 for full size
     */
    RgbRows(int columns, int rows, int factor) {
        this.columns = columns;
        this.factor = factor;
        this.width = Math.max(1, columns / factor);
        this.height = Math.max(1, rows / factor);
        this.rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), Rgb8Image.CHANNELS)];
        this.sums = new long[factor == 1 ? 0 : width * Rgb8Image.CHANNELS];
    }

    /** Adds the next row, {@code columns * 3} samples. */
    void add(byte[] samples) {
        int target = row++ / factor;
        if (target >= height) {
            return;
        }
        int length = width * Rgb8Image.CHANNELS;
        if (factor == 1) {
            System.arraycopy(samples, 0, rgb, target * length, length);
            return;
        }
        int used = Math.min(columns, width * factor);
        for (int x = 0; x < used; x++) {
            int sum = x / factor * Rgb8Image.CHANNELS;
            int from = x * Rgb8Image.CHANNELS;
            sums[sum] += samples[from] & 0xff;
            sums[sum + 1] += samples[from + 1] & 0xff;
            sums[sum + 2] += samples[from + 2] & 0xff;
        }
        if (row % factor == 0) {
            writeMeans(target * length);
        }
    }

    private void writeMeans(int at) {
        long area = (long) factor * Math.min(factor, Math.max(1, columns));
        for (int i = 0; i < sums.length; i++) {
            rgb[at + i] = (byte) ((sums[i] + area / 2) / area);
            sums[i] = 0;
        }
    }

    Rgb8Image image() {
        return Rgb8Image.wrap(width, height, rgb);
    }
}
