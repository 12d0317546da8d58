package io.github.hiera4j.media.image.internal;

/** Ink to light without a colour profile, in the arithmetic of Pillow. */
public final class Cmyk {
    private Cmyk() {}

    /**
     * Writes one pixel: {@code (255 - K) - round(C * (255 - K) / 255)} and so on.
     *
     * @param cyan 0 (none) to 255, as are the other inks
     */
    public static void toRgb(int cyan, int magenta, int yellow, int black, byte[] rgb, int at) {
        int light = 255 - black;
        rgb[at] = (byte) (light - multiply(cyan, light));
        rgb[at + 1] = (byte) (light - multiply(magenta, light));
        rgb[at + 2] = (byte) (light - multiply(yellow, light));
    }

    /** The product of two fractions of 255, rounded. */
    private static int multiply(int a, int b) {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
