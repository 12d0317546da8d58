package io.github.hiera4j.media;

import static io.github.hiera4j.model.Check.check;

/**
 * Pillow's antialiased resizing of 8-bit pictures: horizontal, then vertical, rounded to 8 bits after each pass, with
 * 22-bit fixed-point weights. The result equals Pillow's bit for bit.
 *
 * <p>Rows are made on demand: a crop costs what its own rows and columns cost, and only as many horizontally resized
 * rows are kept as one output row reads. Thread-safe: nothing is shared but the cached weights.
 */
public final class Resampler {
    private static final int CHANNELS = Rgb8Image.CHANNELS;
    private static final int HALF = 1 << (ResampleAxis.FRACTION_BITS - 1);

    private Resampler() {}

    /** The whole image, resized. */
    public static Rgb8Image resize(Rgb8Image image, Interpolation interpolation, int width, int height) {
        return resize(image, interpolation, 0, 0, image.width(), image.height(), width, height);
    }

    /**
     * A box of the image, resized. Taps at the box's edges read beyond it where the image has pixels there.
     *
     * @param left where the box starts, in source pixels from the left edge; fractions are allowed
     * @param right where it ends, exclusive
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
        check(width > 0 && height > 0, "expected a size of at least 1 x 1 to resize to, got %d x %d", width, height);
        check(
                left >= 0
                        && top >= 0
                        && left < right
                        && top < bottom
                        && right <= image.width()
                        && bottom <= image.height(),
                "the box (%s, %s, %s, %s) does not lie in an image of %d x %d",
                left,
                top,
                right,
                bottom,
                image.width(),
                image.height());
        ResampleAxis columns =
                ResampleAxis.of(interpolation, image.width(), (float) left, (float) right, width, 0, width);
        ResampleAxis rows =
                ResampleAxis.of(interpolation, image.height(), (float) top, (float) bottom, height, 0, height);
        byte[] resized = new byte[Math.multiplyExact(Math.multiplyExact(width, height), CHANNELS)];
        run(image, columns, rows, (y, samples) -> {
            int target = y * width * CHANNELS;
            for (int i = 0; i < width * CHANNELS; i++) {
                resized[target + i] = (byte) samples[i];
            }
        });
        return Rgb8Image.wrap(width, height, resized);
    }

    /** Resizes the whole image as the crop says and hands over only the crop's rows. */
    static void resize(Rgb8Image image, Interpolation interpolation, Crop crop, RowSink sink) {
        ResampleAxis columns = ResampleAxis.of(
                interpolation, image.width(), 0, image.width(), crop.resizedWidth(), crop.left(), crop.width());
        ResampleAxis rows = ResampleAxis.of(
                interpolation, image.height(), 0, image.height(), crop.resizedHeight(), crop.top(), crop.height());
        run(image, columns, rows, sink);
    }

    private static void run(Rgb8Image image, ResampleAxis columns, ResampleAxis rows, RowSink sink) {
        int rowLength = columns.outputs * CHANNELS;
        int[][] ring = new int[Math.min(rows.stride + 1, image.height() + 1)][rowLength];
        HorizontalPass horizontal = new HorizontalPass(image, columns);
        int[] sums = new int[rowLength];
        int made = rows.first[0];
        for (int y = 0; y < rows.outputs; y++) {
            int end = rows.end(y);
            while (made < end) { // two source rows at a time; the second may run one ahead
                boolean pair = made + 1 < image.height();
                int second = pair ? made + 1 : made;
                horizontal.resizeRows(made, ring[made % ring.length], second, ring[second % ring.length]);
                made += pair ? 2 : 1;
            }
            sumRows(ring, rows, y, sums);
            sink.accept(y, sums);
        }
    }

    private static void sumRows(int[][] ring, ResampleAxis rows, int y, int[] sums) {
        java.util.Arrays.fill(sums, HALF);
        int first = rows.first[y];
        for (int k = 0; k < rows.taps[y]; k++) {
            addScaled(sums, ring[(first + k) % ring.length], rows.weights[y * rows.stride + k]);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.max(0, Math.min(255, sums[i] >> ResampleAxis.FRACTION_BITS));
        }
    }

    private static void addScaled(int[] sums, int[] samples, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += samples[i] * weight;
        }
    }

    /** Takes one finished row: {@code samples} holds {@code width * 3} values of 0 to 255 and is reused afterwards. */
    interface RowSink {
        void accept(int y, int[] samples);
    }
}
