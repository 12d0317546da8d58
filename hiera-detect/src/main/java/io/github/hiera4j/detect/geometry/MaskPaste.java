package io.github.hiera4j.detect.geometry;

import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.Arrays;

/**
 * Pastes a small probability mask into an image: each pixel's centre is mapped into the box, and the mask is sampled there
 * bilinearly, with zeros outside.
 */
public final class MaskPaste {
    private MaskPaste() {}

    /**
     * Returns the probabilities of an image's pixels.
     *
     * @param mask {@code [size, size]} probabilities
     * @param size in pixels
     * @param box the boxes in image coordinates
     * @param i the index of the box, from 0
     * @param height in pixels
     * @param width in pixels
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

    /**
     * {@return the pixels with a probability of at least {@code threshold}; empty for a box outside the image}
     *
     * @param mask probabilities of the box's mask, row-major
     * @param size in pixels
     * @param box the boxes in image coordinates
     * @param i the index of the box, from 0
     * @param height in pixels
     * @param width in pixels
     * @param threshold the limit
     */
    public static RunLengthMask paste(
            double[] mask, int size, Boxes box, int i, int height, int width, double threshold) {
        Region region = region(box, i, size, height, width);
        byte[] pixels = new byte[region.height() * region.width()];
        for (int at = 0; at < pixels.length; at++) {
            double maskY = position(region.top() + at / region.width(), box.y1(i), box.height(i), size);
            double maskX = position(region.left() + at % region.width(), box.x1(i), box.width(i), size);
            pixels[at] = (byte) (read(mask, size, maskY, maskX) >= threshold ? 1 : 0);
        }
        return placed(region, pixels, height, width);
    }

    /**
     * {@return the pixels by torchvision's rule: mask and box grow by a cell on each side, the box is truncated to whole pixels, and the
     * mask is resized to it bilinearly}
     *
     * @param mask probabilities of the box's mask, row-major
     * @param size in pixels
     * @param box the boxes in image coordinates
     * @param i the index of the box, from 0
     * @param height in pixels
     * @param width in pixels
     * @param threshold the limit
     */
    public static RunLengthMask pasteResized(
            double[] mask, int size, Boxes box, int i, int height, int width, double threshold) {
        int padded = size + 2;
        double growth = (double) padded / size;
        double halfWidth = box.width(i) / 2 * growth;
        double halfHeight = box.height(i) / 2 * growth;
        int left = (int) ((box.x1(i) + box.x2(i)) / 2 - halfWidth);
        int top = (int) ((box.y1(i) + box.y2(i)) / 2 - halfHeight);
        int right = (int) ((box.x1(i) + box.x2(i)) / 2 + halfWidth);
        int bottom = (int) ((box.y1(i) + box.y2(i)) / 2 + halfHeight);
        double stepX = (double) padded / Math.max(right - left + 1, 1);
        double stepY = (double) padded / Math.max(bottom - top + 1, 1);
        Region region = new Region(
                Math.max(top, 0), Math.max(left, 0), Math.min(bottom + 1, height), Math.min(right + 1, width));
        byte[] pixels = new byte[region.height() * region.width()];
        for (int at = 0; at < pixels.length; at++) {
            double y = within((region.top() + at / region.width() - top + .5) * stepY - .5, padded);
            double x = within((region.left() + at % region.width() - left + .5) * stepX - .5, padded);
            pixels[at] = (byte) (read(mask, size, y - 1, x - 1) >= threshold ? 1 : 0);
        }
        return placed(region, pixels, height, width);
    }

    /** Clamps a coordinate to the mask, which repeats its edges. */
    private static double within(double coordinate, int size) {
        return Math.max(0, Math.min(size - 1, coordinate));
    }

    /** The rows and columns of an image that a box may cover. */
    private record Region(int top, int left, int bottom, int right) {
        int height() {
            return Math.max(0, bottom - top);
        }

        int width() {
            return Math.max(0, right - left);
        }
    }

    private static Region region(Boxes box, int i, int size, int height, int width) {
        if (box.isEmpty(i)) {
            return new Region(0, 0, 0, 0);
        }
        return new Region(
                Math.max(0, (int) Math.floor(margin(box.y1(i), box.height(i), size, -1))),
                Math.max(0, (int) Math.floor(margin(box.x1(i), box.width(i), size, -1))),
                Math.min(height, (int) Math.ceil(margin(box.y2(i), box.height(i), size, 1)) + 1),
                Math.min(width, (int) Math.ceil(margin(box.x2(i), box.width(i), size, 1)) + 1));
    }

    /** Returns a mask of zeros with the bitmap of a region, column by column. */
    private static RunLengthMask placed(Region region, byte[] pixels, int height, int width) {
        Runs runs = new Runs(pixels.length);
        for (int x = 0; x < region.width(); x++) {
            int column = (region.left() + x) * height;
            if (region.top() > 0) {
                runs.change(false, column);
            }
            for (int y = 0; y < region.height(); y++) {
                runs.change(pixels[y * region.width() + x] != 0, column + region.top() + y);
            }
            runs.change(false, column + region.bottom(), region.bottom() < height || x == region.width() - 1);
        }
        return RunLengthMask.ofRuns(height, width, runs.end(height * width));
    }

    /** Collects alternating runs; a change to the current value has no effect. */
    private static final class Runs {
        private final int[] lengths;
        private int count;
        private int covered;
        private boolean foreground;

        Runs(int pixels) {
            lengths = new int[2 * pixels + 3];
        }

        void change(boolean value, int position, boolean due) {
            if (due) {
                change(value, position);
            }
        }

        void change(boolean value, int position) {
            if (value != foreground) {
                lengths[count++] = position - covered;
                covered = position;
                foreground = value;
            }
        }

        int[] end(int total) {
            if (covered < total) {
                lengths[count++] = total - covered;
            }
            return Arrays.copyOf(lengths, count);
        }
    }

    /** Extends an edge, because pixels up to half a mask cell outside the box still sample the mask. */
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
