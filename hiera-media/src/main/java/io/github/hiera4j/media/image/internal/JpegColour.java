package io.github.hiera4j.media.image.internal;

/** Converts luma and chroma of JPEG files to red, green and blue, with libjpeg's fixed-point arithmetic. */
public final class JpegColour {
    private static final int FRACTION_BITS = 16;
    private static final int HALF = 1 << (FRACTION_BITS - 1);

    private JpegColour() {}

    /**
     * Converts three samples in place.
     *
     * @param samples luma and blue and red chroma, which become red, green and blue, 0 to 255
     * @param at index of the first sample
     */
    public static void toRgb(int[] samples, int at) {
        int luma = samples[at];
        int blueness = samples[at + 1] - 128;
        int redness = samples[at + 2] - 128;
        samples[at] = clip(luma + ((fixed(1.40200) * redness + HALF) >> FRACTION_BITS));
        samples[at + 1] =
                clip(luma + ((-fixed(0.34414) * blueness - fixed(0.71414) * redness + HALF) >> FRACTION_BITS));
        samples[at + 2] = clip(luma + ((fixed(1.77200) * blueness + HALF) >> FRACTION_BITS));
    }

    private static int fixed(double number) {
        return (int) (number * (1 << FRACTION_BITS) + 0.5);
    }

    private static int clip(int sample) {
        return Math.max(0, Math.min(255, sample));
    }
}
