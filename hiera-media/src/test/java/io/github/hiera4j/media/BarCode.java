package io.github.hiera4j.media;

/** The index at the top edge of every frame in the test videos: ten bars, the least significant leftmost. */
public final class BarCode {
    private static final int BITS = 10;

    private BarCode() {}

    public static int read(Rgb8Image frame) {
        int barWidth = frame.width() / BITS;
        int middle = Math.max(8, frame.height() / 6) / 2;
        int index = 0;
        for (int bit = 0; bit < BITS; bit++) {
            int brightness = frame.sample(bit * barWidth + barWidth / 2, middle, 1);
            index |= brightness > 127 ? 1 << bit : 0;
        }
        return index;
    }
}
