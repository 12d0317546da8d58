package io.github.hiera4j.detect.geometry;

import io.github.hiera4j.model.mask.RunLengthMask;

/**
 * Puts a small probability mask into the picture: each pixel's centre is mapped into the box, and the mask is read there
 * bilinearly, with zeros outside.
 */
public final class MaskPaste {
    private MaskPaste() {}

    /**
     * The probabilities of a picture's pixels.
     *
     * @param mask {@code [size, size]} probabilities
     * @param box the box of index {@code i} in picture coordinates
     * @return row-major {@code [height, width]}
     */
    public static double[] probabilities(double[] mask, int size, Boxes box, int i, int height, int width) {
        double[] pasted = new double[height * width];
        int left = Math.max(0, (int) Math.floor(margin(box.x1(i), box.width(i), size, -1)));
        int right = Math.min(width, (int) Math.ceil(margin(box.x2(i), box.width(i), size, 1)) + 1);
        int top = Math.max(0, (int) Math.floor(margin(box.y1(i), box.height(i), size, -1)));
        int bottom = Math.min(height, (int) Math.ceil(margin(box.y2(i), box.height(i), size, 1)) + 1);
        if (box.isEmpty(i)) {
            return pasted;
        }
        for (int y = top; y < bottom; y++) {
            double maskY = position(y, box.y1(i), box.height(i), size);
            for (int x = left; x < right; x++) {
                pasted[y * width + x] = read(mask, size, maskY, position(x, box.x1(i), box.width(i), size));
            }
        }
        return pasted;
    }

    /** The pixels with a probability of at least {@code threshold}; empty for a box outside the picture. */
    public static RunLengthMask paste(
            double[] mask, int size, Boxes box, int i, int height, int width, double threshold) {
        double[] pasted = probabilities(mask, size, box, i, height, width);
        byte[] pixels = new byte[pasted.length];
        for (int at = 0; at < pixels.length; at++) {
            pixels[at] = (byte) (pasted[at] >= threshold ? 1 : 0);
        }
        return RunLengthMask.ofPixels(height, width, pixels);
    }

    /** Pixels up to half a mask cell outside the box still read something. */
    private static double margin(double edge, double extent, int size, int direction) {
        return edge + direction * (extent / size + 1);
    }

    private static double position(int pixel, double start, double extent, int size) {
        double normalised = (pixel + .5 - start) / extent * 2 - 1;
        return ((normalised + 1) * size - 1) / 2;
    }

    private static double read(double[] mask, int size, double y, double x) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        double down = y - top;
        double across = x - left;
        return (1 - down) * ((1 - across) * at(mask, size, top, left) + across * at(mask, size, top, left + 1))
                + down * ((1 - across) * at(mask, size, top + 1, left) + across * at(mask, size, top + 1, left + 1));
    }

    private static double at(double[] mask, int size, int y, int x) {
        return y >= 0 && x >= 0 && y < size && x < size ? mask[y * size + x] : 0;
    }
}
