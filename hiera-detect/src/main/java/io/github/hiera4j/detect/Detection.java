package io.github.hiera4j.detect;

import io.github.hiera4j.model.mask.RunLengthMask;

/**
 * A detected object in an image.
 *
 * @param label class name
 * @param classIndex class index, from 0
 * @param categoryId class id in the data set that the detector was trained on
 * @param score confidence, 0 to 1
 * @param x1 left edge, in pixels of the picture
 * @param y1 top edge
 * @param x2 right edge
 * @param y2 bottom edge
 * @param mask pixels of the object, with the size of the image
 */
public record Detection(
        String label,
        int classIndex,
        long categoryId,
        double score,
        double x1,
        double y1,
        double x2,
        double y2,
        RunLengthMask mask) {}
