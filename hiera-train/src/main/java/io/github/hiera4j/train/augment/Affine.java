package io.github.hiera4j.train.augment;

import io.github.hiera4j.media.Rgb8Image;

/**
 * Geometric operations as Pillow computes them: output pixel centres are mapped to the input and sampled with a cubic of
 * a = -1; positions outside the image take the fill colour.
 */
final class Affine {
    /** ImageNet's mean colour. */
    private static final int[] FILL = {124, 116, 104};

    private Affine() {}

    /** Shears along x: input x = x + factor · y. */
    static Rgb8Image shearX(Rgb8Image image, double factor) {
        return transform(image, 1, factor, 0, 0, 1, 0);
    }

    static Rgb8Image shearY(Rgb8Image image, double factor) {
        return transform(image, 1, 0, 0, factor, 1, 0);
    }

    /** Translates by a fraction of the width: input x = x + share · width. */
    static Rgb8Image translateX(Rgb8Image image, double share) {
        return transform(image, 1, 0, share * image.width(), 0, 1, 0);
    }

    static Rgb8Image translateY(Rgb8Image image, double share) {
        return transform(image, 1, 0, 0, 0, 1, share * image.height());
    }

    /** Rotates counter-clockwise about the centre; the size is unchanged. */
    static Rgb8Image rotate(Rgb8Image image, double degrees) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        double x = image.width() / 2.0;
        double y = image.height() / 2.0;
        return transform(image, cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y);
    }

    /** Maps the output (x, y) to the input (a·x + b·y + c, d·x + e·y + f), both at pixel centres. */
    private static Rgb8Image transform(Rgb8Image image, double a, double b, double c, double d, double e, double f) {
        int width = image.width();
        int height = image.height();
        byte[] source = image.toByteArray();
        byte[] target = new byte[source.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double inputX = a * (x + 0.5) + b * (y + 0.5) + c;
                double inputY = d * (x + 0.5) + e * (y + 0.5) + f;
                int at = 3 * (y * width + x);
                boolean outside = inputX < 0 || inputX >= width || inputY < 0 || inputY >= height;
                for (int channel = 0; channel < 3; channel++) {
                    target[at + channel] = (byte)
                            (outside
                                    ? FILL[channel]
                                    : cubic(source, width, height, channel, inputX - 0.5, inputY - 0.5));
                }
            }
        }
        return Rgb8Image.wrap(width, height, target);
    }

    private static int cubic(byte[] source, int width, int height, int channel, double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double[] columns = new double[4];
        for (int row = 0; row < 4; row++) {
            int start = 3 * width * Math.max(0, Math.min(height - 1, top - 1 + row)) + channel;
            columns[row] = cubic(
                    source[start + 3 * clamp(left - 1, width)] & 0xff,
                    source[start + 3 * clamp(left, width)] & 0xff,
                    source[start + 3 * clamp(left + 1, width)] & 0xff,
                    source[start + 3 * clamp(left + 2, width)] & 0xff,
                    x - left);
        }
        double value = cubic(columns[0], columns[1], columns[2], columns[3], y - top);
        return (int) Math.max(0, Math.min(255, value));
    }

    private static int clamp(int position, int size) {
        return Math.max(0, Math.min(size - 1, position));
    }

    /** Evaluates Keys' cubic (a = -1) through four samples at a distance {@code d} after the second. */
    private static double cubic(double v1, double v2, double v3, double v4, double d) {
        double p1 = v3 - v1;
        double p2 = 2 * (v1 - v2) + v3 - v4;
        double p3 = -v1 + v2 - v3 + v4;
        return v2 + d * (p1 + d * (p2 + d * p3));
    }
}
