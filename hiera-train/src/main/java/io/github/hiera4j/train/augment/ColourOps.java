package io.github.hiera4j.train.augment;

import io.github.hiera4j.media.Rgb8Image;
import java.util.function.IntUnaryOperator;

/** Colour operations as Pillow computes them. */
final class ColourOps {
    private ColourOps() {}

    static Rgb8Image invert(Rgb8Image image) {
        return map(image, value -> 255 - value);
    }

    /** Inverts the values at or above the threshold. */
    static Rgb8Image solarize(Rgb8Image image, int threshold) {
        return map(image, value -> value < threshold ? value : 255 - value);
    }

    /** Adds to the values below 128. */
    static Rgb8Image solarizeAdd(Rgb8Image image, int amount) {
        return map(image, value -> value < 128 ? Math.min(255, value + amount) : value);
    }

    /** Keeps the highest bits. */
    static Rgb8Image posterize(Rgb8Image image, int bits) {
        int mask = 0xff & ~((1 << (8 - bits)) - 1);
        return map(image, value -> value & mask);
    }

    /** Stretches each channel to 0 … 255. */
    static Rgb8Image autoContrast(Rgb8Image image) {
        return lookUp(image, histogram -> {
            int low = 0;
            int high = 255;
            while (low < 255 && histogram[low] == 0) {
                low++;
            }
            while (high > 0 && histogram[high] == 0) {
                high--;
            }
            int[] table = new int[256];
            double scale = 255.0 / (high - low);
            double offset = -low * scale;
            for (int value = 0; value < 256; value++) {
                table[value] = high <= low ? value : clamp((int) (value * scale + offset));
            }
            return table;
        });
    }

    /** Equalises each channel's histogram, so that its values are about equally frequent. */
    static Rgb8Image equalize(Rgb8Image image) {
        return lookUp(image, histogram -> {
            int pixels = 0;
            int last = 0;
            for (int value = 0; value < 256; value++) {
                pixels += histogram[value];
                last = histogram[value] > 0 ? histogram[value] : last;
            }
            int step = (pixels - last) / 255;
            int[] table = new int[256];
            int before = step / 2;
            for (int value = 0; value < 256; value++) {
                table[value] = step == 0 ? value : Math.min(255, before / step);
                before += histogram[value];
            }
            return table;
        });
    }

    /** Blends towards grey (factor below 1) or away from it. */
    static Rgb8Image colour(Rgb8Image image, double factor) {
        byte[] grey = image.toByteArray();
        for (int i = 0; i < grey.length; i += 3) {
            byte luminance = (byte) luminance(grey, i);
            grey[i] = luminance;
            grey[i + 1] = luminance;
            grey[i + 2] = luminance;
        }
        return blend(grey, image, factor);
    }

    /** Blends towards the mean luminance or away from it. */
    static Rgb8Image contrast(Rgb8Image image, double factor) {
        byte[] flat = image.toByteArray();
        long sum = 0;
        for (int i = 0; i < flat.length; i += 3) {
            sum += luminance(flat, i);
        }
        java.util.Arrays.fill(flat, (byte) (int) (sum / (flat.length / 3.0) + 0.5));
        return blend(flat, image, factor);
    }

    static Rgb8Image brightness(Rgb8Image image, double factor) {
        return blend(new byte[3 * image.width() * image.height()], image, factor);
    }

    /** Blends towards a smoothed picture or away from it. */
    static Rgb8Image sharpness(Rgb8Image image, double factor) {
        int width = image.width();
        int height = image.height();
        byte[] source = image.toByteArray();
        byte[] smooth = source.clone();
        int row = 3 * width;
        for (int y = 1; y < height - 1; y++) {
            for (int i = y * row + 3; i < (y + 1) * row - 3; i++) {
                int sum = 4 * (source[i] & 0xff);
                for (int dy = -row; dy <= row; dy += row) {
                    sum += (source[i + dy - 3] & 0xff) + (source[i + dy] & 0xff) + (source[i + dy + 3] & 0xff);
                }
                smooth[i] = (byte) (int) ((float) sum / 13 + 0.5f);
            }
        }
        return blend(smooth, image, factor);
    }

    private static int luminance(byte[] rgb, int i) {
        return ((rgb[i] & 0xff) * 19595 + (rgb[i + 1] & 0xff) * 38470 + (rgb[i + 2] & 0xff) * 7471 + 0x8000) >> 16;
    }

    private static Rgb8Image blend(byte[] degenerate, Rgb8Image image, double factor) {
        byte[] source = image.toByteArray();
        float weight = (float) factor;
        for (int i = 0; i < source.length; i++) {
            int from = degenerate[i] & 0xff;
            source[i] = (byte) clamp((int) Math.max(-1e6f, from + weight * ((source[i] & 0xff) - from)));
        }
        return Rgb8Image.wrap(image.width(), image.height(), source);
    }

    private static Rgb8Image map(Rgb8Image image, IntUnaryOperator change) {
        byte[] rgb = image.toByteArray();
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) change.applyAsInt(rgb[i] & 0xff);
        }
        return Rgb8Image.wrap(image.width(), image.height(), rgb);
    }

    private interface TableOfHistogram {
        int[] table(int[] histogram);
    }

    private static Rgb8Image lookUp(Rgb8Image image, TableOfHistogram rule) {
        byte[] rgb = image.toByteArray();
        for (int channel = 0; channel < 3; channel++) {
            int[] histogram = new int[256];
            for (int i = channel; i < rgb.length; i += 3) {
                histogram[rgb[i] & 0xff]++;
            }
            int[] table = rule.table(histogram);
            for (int i = channel; i < rgb.length; i += 3) {
                rgb[i] = (byte) table[rgb[i] & 0xff];
            }
        }
        return Rgb8Image.wrap(image.width(), image.height(), rgb);
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
