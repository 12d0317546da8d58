package io.github.hiera4j.media.resample;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;

/**
 * Pillow's antialiased resizing of 8-bit images: horizontal, then vertical, rounded to 8 bits after each pass, with
 * 22-bit fixed-point weights. The result is bitwise identical to Pillow's.
 *
 * <p>Rows are computed on demand: a crop needs only its own rows and columns, and only the horizontally resized rows that one output
 * row reads are kept. Thread-safe: only cached weights are shared.
 */
public final class Resampler {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    private Resampler() {}

    /**
     * {@return the whole image, resized}
     *
     * @param image the picture
     * @param interpolation the filter
     * @param width in pixels
     * @param height in pixels
     */
    public static Rgb8Image resize(Rgb8Image image, Interpolation interpolation, int width, int height) {
        return resize(image, interpolation, Box.all(image), width, height);
    }

    /**
     * {@return a box of the image, resized} Taps at the edges of the box read image pixels outside it, if any.
     *
     * @param image the picture
     * @param interpolation the filter
     * @param left where the box starts, in source pixels from the left edge; fractions are allowed
     * @param top upper edge of the part of the source, in pixels
     * @param right where it ends, exclusive
     * @param bottom lower edge of the part of the source, in pixels
     * @param width in pixels
     * @param height in pixels
     * @throws io.github.hiera4j.model.HieraException if the box is empty or leaves the image
     */
    public static Rgb8Image resize(
            Rgb8Image image,
            Interpolation interpolation,
            double left,
            double top,
            double right,
            double bottom,
            int width,
            int height) {
        return resize(image, interpolation, new Box(left, top, right, bottom), width, height);
    }

    private static Rgb8Image resize(Rgb8Image image, Interpolation interpolation, Box box, int width, int height) {
        check(width > 0 && height > 0, "expected a size of at least 1 x 1 to resize to, got %d x %d", width, height);
        byte[] resized = new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)];
        resize(image, interpolation, box, width, height, (y, samples) -> {
            int target = y * width * CHANNELS;
            for (int i = 0; i < width * CHANNELS; i++) {
                resized[target + i] = (byte) samples[i];
            }
        });
        return Rgb8Image.wrap(width, height, resized);
    }

    /**
     * Resizes a box of the image and passes its rows.
     *
     * @param image the picture
     * @param interpolation the filter
     * @param box the part of the source, in pixels and their fractions
     * @param width in pixels
     * @param height in pixels
     * @param sink receives each row from the top
     */
    public static void resize(
            Rgb8Image image, Interpolation interpolation, Box box, int width, int height, RowSink sink) {
        box.requireIn(image);
        ResampleAxis columns =
                ResampleAxis.of(interpolation, image.width(), (float) box.left(), (float) box.right(), width, 0, width);
        ResampleAxis rows = ResampleAxis.of(
                interpolation, image.height(), (float) box.top(), (float) box.bottom(), height, 0, height);
        run(image, columns, rows, sink);
    }

    /**
     * Resizes the whole image to the size in the crop and passes only the rows of the crop.
     *
     * @param image the picture
     * @param interpolation the filter
     * @param crop the part of the result to compute
     * @param sink receives each row from the top
     */
    public static void resize(Rgb8Image image, Interpolation interpolation, Crop crop, RowSink sink) {
        ResampleAxis columns = ResampleAxis.of(
                interpolation, image.width(), 0, image.width(), crop.resizedWidth(), crop.left(), crop.width());
        ResampleAxis rows = ResampleAxis.of(
                interpolation, image.height(), 0, image.height(), crop.resizedHeight(), crop.top(), crop.height());
        run(image, columns, rows, sink);
    }

    private static void run(Rgb8Image image, ResampleAxis columns, ResampleAxis rows, RowSink sink) {
        HorizontalPass horizontal = new HorizontalPass(image, columns);
        int ahead = horizontal.stripRows();
        int[][] ring = new int[Math.min(rows.stride + ahead, image.height())][columns.outputs * CHANNELS];
        int[] finished = new int[columns.outputs * CHANNELS];
        int lastRow = rows.end(rows.outputs - 1);
        int made = rows.first[0];
        for (int y = 0; y < rows.outputs; y++) {
            while (made < rows.end(y)) {
                int strip = Math.min(ahead, lastRow - made);
                horizontal.resizeRows(made, strip, ring);
                made += strip;
            }
            rows.weigh(y, ring, finished);
            sink.accept(y, finished);
        }
    }

    /** Receives finished rows; {@code samples} contains {@code width * 3} values of 0 to 255 and is reused afterwards. */
    public interface RowSink {
        /**
         * Receives the next row.
         *
         * @param y the row, from 0
         * @param samples one row of interleaved red, green and blue
         */
        void accept(int y, int[] samples);
    }
}
