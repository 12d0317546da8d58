package io.github.hiera4j.detect.coco;

import org.jspecify.annotations.Nullable;

/**
 * One annotated instance.
 *
 * @param id unique in the file
 * @param imageId the picture
 * @param categoryId the class
 * @param x left edge of the box, in pixels
 * @param y top edge
 * @param width of the box
 * @param height of the box
 * @param area as the file states it; it decides the size class in evaluation
 * @param crowd whether the region holds many instances: ignored in training, matched leniently in evaluation
 * @param segmentation null if the file gives none, or none that can be used
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
