package io.github.hiera4j.detect.train;

import io.github.hiera4j.detect.coco.CocoAnnotation;
import io.github.hiera4j.detect.coco.LargeScaleJitter;
import io.github.hiera4j.detect.coco.Segmentation;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.model.GroundTruth;
import io.github.hiera4j.model.mask.RunLengthMask;
import java.util.ArrayList;
import java.util.List;

/** The objects of an image after large-scale jitter, without those that are completely outside. */
final class JitteredObjects {
    private static final double SMALLEST_SIDE = 1e-5;

    private JitteredObjects() {}

    static GroundTruth of(CocoSource source, int index, LargeScaleJitter.Plan plan) {
        List<double[]> boxes = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        List<Segmentation> shapes = new ArrayList<>();
        for (CocoAnnotation object : source.objects(index)) {
            Segmentation shape = object.segmentation();
            if (shape == null) {
                continue;
            }
            Segmentation moved = shape instanceof Segmentation.Polygons polygons
                    ? new Segmentation.Polygons(plan.apply(polygons.parts()))
                    : new Segmentation.Bitmap(moved(((Segmentation.Bitmap) shape).runs(), plan));
            Boxes box = box(moved);
            if (box.width(0) > SMALLEST_SIDE && box.height(0) > SMALLEST_SIDE) {
                boxes.add(box.corners(0));
                classes.add(source.classOf(object));
                shapes.add(moved);
            }
        }
        return new GroundTruth(
                Boxes.ofRows(boxes.toArray(double[][]::new)),
                classes.stream().mapToInt(Integer::intValue).toArray(),
                shapes,
                plan.outputHeight(),
                plan.outputWidth());
    }

    private static Boxes box(Segmentation shape) {
        if (shape instanceof Segmentation.Polygons polygons) {
            return LargeScaleJitter.Plan.tightBox(polygons.parts());
        }
        double[] around = ((Segmentation.Bitmap) shape).runs().boundingBox();
        return Boxes.of(around[0], around[1], around[0] + around[2], around[1] + around[3]);
    }

    /** Resizes a mask: each pixel of the result takes the source pixel at its centre. */
    private static RunLengthMask moved(RunLengthMask mask, LargeScaleJitter.Plan plan) {
        byte[] pixels = mask.pixels();
        byte[] moved = new byte[plan.outputHeight() * plan.outputWidth()];
        for (int at = 0; at < moved.length; at++) {
            int y = at / plan.outputWidth() + plan.top();
            int x = at % plan.outputWidth() + plan.left();
            int row = (int) ((y + .5) * plan.height() / plan.resizedHeight());
            int column = (int) ((x + .5) * plan.width() / plan.resizedWidth());
            column = plan.flip() ? plan.width() - 1 - column : column;
            moved[at] = pixels[row * plan.width() + column];
        }
        return RunLengthMask.ofPixels(plan.outputHeight(), plan.outputWidth(), moved);
    }
}
