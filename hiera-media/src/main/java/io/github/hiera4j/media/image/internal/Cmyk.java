package io.github.hiera4j.media.image.internal;

/** Converts CMYK to RGB without a colour profile, with the arithmetic of Pillow. */
public final class Cmyk {
    private Cmyk() {}

    /**
     * Writes one pixel: {@code (255 - K) - round(C * (255 - K) / 255)} and so on.
     *
     * @param cyan 0 (none) to 255, like the other inks
     */
    public static void toRgb(int cyan, int magenta, int yellow, int black, byte[] rgb, int at) {
        int light = 255 - black;
        rgb[at] = (byte) (light - multiply(cyan, light));
        rgb[at + 1] = (byte) (light - multiply(magenta, light));
        rgb[at + 2] = (byte) (light - multiply(yellow, light));
    }

    /** Returns the rounded product of two fractions of 255. */
    private static int multiply(int a, int b) {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
