package io.github.hiera4j.media;

/**
 * Resizes rows of one image horizontally, two at a time.
 *
 * <p>A sample of each row rides in one half of a 64-bit integer, so that one multiplication weighs both: the sums never
 * leave 32 bits, and what the lower one borrows from the upper is given back at the end.
 */
final class HorizontalPass {
    private static final int CHANNELS = Rgb8Image.CHANNELS;
    private static final long HALF = (1L << (ResampleAxis.FRACTION_BITS - 1)) * ((1L << 32) + 1);

    private final byte[] pixels;
    private final int rowBytes;
    private final ResampleAxis axis;
    private final int from;
    private final long[] pairs;

    HorizontalPass(Rgb8Image image, ResampleAxis axis) {
        this.pixels = image.bytes();
        this.rowBytes = image.width() * CHANNELS;
        this.axis = axis;
        this.from = axis.first[0] * CHANNELS;
        this.pairs = new long[axis.end(axis.outputs - 1) * CHANNELS - from];
    }

    /** Writes {@code outputs * 3} values of 0 to 255 for each of two source rows, which may be the same. */
    void resizeRows(int upperRow, int[] upperOut, int lowerRow, int[] lowerOut) {
        pair(upperRow * rowBytes + from, lowerRow * rowBytes + from);
        int[] weights = axis.weights;
        for (int x = 0; x < axis.outputs; x++) {
            long red = HALF;
            long green = HALF;
            long blue = HALF;
            int source = axis.first[x] * CHANNELS - from;
            int weightStart = x * axis.stride;
            int taps = axis.taps[x];
            for (int k = 0; k < taps; k++) {
                long weight = weights[weightStart + k];
                red += pairs[source + 3 * k] * weight;
                green += pairs[source + 3 * k + 1] * weight;
                blue += pairs[source + 3 * k + 2] * weight;
            }
            int target = x * CHANNELS;
            upperOut[target] = sample((int) red);
            upperOut[target + 1] = sample((int) green);
            upperOut[target + 2] = sample((int) blue);
            lowerOut[target] = sample(upperHalf(red));
            lowerOut[target + 1] = sample(upperHalf(green));
            lowerOut[target + 2] = sample(upperHalf(blue));
        }
    }

    private void pair(int upper, int lower) {
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (pixels[upper + i] & 0xffL) | (pixels[lower + i] & 0xffL) << 32;
        }
    }

    private static int upperHalf(long sums) {
        return (int) ((sums - (int) sums) >> 32);
    }

    private static int sample(int sum) {
        return Math.max(0, Math.min(255, sum >> ResampleAxis.FRACTION_BITS));
    }
}
