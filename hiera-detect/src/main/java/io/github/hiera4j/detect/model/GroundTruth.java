package io.github.hiera4j.detect.model;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.coco.Segmentation;
import io.github.hiera4j.detect.geometry.Boxes;
import java.util.List;

/**
 * The objects of one training image, in input pixels of the network.
 *
 * @param boxes none of them empty: an empty box would make every anchor positive
 * @param classes from 0
 * @param shapes polygons or bitmaps of the picture's size
 * @param height of the picture without padding
 * @param width of the picture without padding
 */
public record GroundTruth(Boxes boxes, int[] classes, List<Segmentation> shapes, int height, int width) {
    /**
     * Checks the values and copies the collections.
     *
     * @param boxes none of them empty: an empty box would make every anchor positive
     * @param classes from 0
     * @param shapes polygons or bitmaps of the picture's size
     * @param height of the picture without padding
     * @param width of the picture without padding
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public GroundTruth {
        shapes = List.copyOf(shapes);
        check(
                boxes.size() == classes.length && shapes.size() == classes.length,
                "expected one class and one shape per box, got %d boxes, %d classes, %d shapes",
                boxes.size(),
                classes.length,
                shapes.size());
        for (int i = 0; i < boxes.size(); i++) {
            check(boxes.isFinite(i) && !boxes.isEmpty(i), "box %d of a training image is empty", i);
        }
    }
}
