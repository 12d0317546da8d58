package io.github.hiera4j.detect.coco;

import org.jspecify.annotations.Nullable;

/**
 * One annotated instance.
 *
 * @param id annotation id, unique in the file
 * @param imageId id of the image
 * @param categoryId id of the class
 * @param x left edge of the box, in pixels
 * @param y top edge
 * @param width width of the box
 * @param height height of the box
 * @param area area stated in the file; it determines the size class in evaluation
 * @param crowd whether the region contains many instances: ignored in training, matched leniently in evaluation
 * @param segmentation null if the file has none, or an unusable one
 */
public record CocoAnnotation(
        long id,
        long imageId,
        long categoryId,
        double x,
        double y,
        double width,
        double height,
        double area,
        boolean crowd,
        @Nullable Segmentation segmentation) {}
