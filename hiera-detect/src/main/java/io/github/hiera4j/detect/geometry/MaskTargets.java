package io.github.hiera4j.detect.geometry;

import io.github.hiera4j.model.mask.PolygonRasterizer;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.List;

/** The targets of the mask head: the ground truth inside a proposal, at the head's resolution. */
public final class MaskTargets {
    private static final double SMALLEST_SIDE = .1;

    private MaskTargets() {}

    /**
     * Translates and scales polygons into the box and rasterises them there.
     *
     * @param polygons the parts of one instance, {@code x0, y0, x1, y1, …} in image coordinates
     * @param boxes boxes in pixels
     * @param i the box, from 0
     * @param size rows and columns of the target, 28 in Mask R-CNN
     * @return the target, 0 or 1, row-major
     */
    public static RunLengthMask ofPolygons(List<double[]> polygons, Boxes boxes, int i, int size) {
        double scaleX = size / Math.max(boxes.width(i), SMALLEST_SIDE);
        double scaleY = size / Math.max(boxes.height(i), SMALLEST_SIDE);
        List<double[]> moved = polygons.stream()
                .map(polygon -> {
                    double[] scaled = polygon.clone();
                    for (int at = 0; at < scaled.length; at += 2) {
                        scaled[at] = (scaled[at] - boxes.x1(i)) * scaleX;
                        scaled[at + 1] = (scaled[at + 1] - boxes.y1(i)) * scaleY;
                    }
                    return scaled;
                })
                .toList();
        return PolygonRasterizer.rasterize(size, size, moved);
    }

    /**
     * {@return a bitmap pooled by RoIAlign; values of at least 0.5 are foreground}
     *
     * @param bitmap the object's mask with the size of the image
     * @param boxes boxes in pixels
     * @param i the box, from 0
     * @param size in pixels
     */
    public static RunLengthMask ofBitmap(RunLengthMask bitmap, Boxes boxes, int i, int size) {
        double[] pooled = pooled(bitmap, boxes, i, size, true);
        byte[] target = new byte[pooled.length];
        for (int at = 0; at < target.length; at++) {
            target[at] = (byte) (pooled[at] >= .5 ? 1 : 0);
        }
        return RunLengthMask.ofPixels(size, size, target);
    }

    /**
     * {@return a bitmap pooled without alignment; values 0 to 1, as in torchvision's training}
     *
     * @param bitmap the object's mask with the size of the image
     * @param boxes boxes in pixels
     * @param i the box, from 0
     * @param size in pixels
     */
    public static double[] soft(RunLengthMask bitmap, Boxes boxes, int i, int size) {
        return pooled(bitmap, boxes, i, size, false);
    }

    private static double[] pooled(RunLengthMask bitmap, Boxes boxes, int i, int size, boolean aligned) {
        byte[] pixels = bitmap.pixels();
        double[] values = new double[pixels.length];
        for (int at = 0; at < values.length; at++) {
            values[at] = pixels[at];
        }
        return new RoiAlign(size, size, 1, 0, aligned)
                .pool(values, 1, bitmap.height(), bitmap.width(), boxes.select(i));
    }
}
