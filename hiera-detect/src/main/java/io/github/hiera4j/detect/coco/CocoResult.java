package io.github.hiera4j.detect.coco;

import io.github.hiera4j.model.mask.RunLengthMask;
import org.jspecify.annotations.Nullable;

/**
 * One detection, as in COCO's result files.
 *
 * @param imageId id of the image
 * @param categoryId id of the class
 * @param score confidence, any finite number
 * @param box {@code x, y, width, height} in pixels, or null
 * @param mask the pixels, or null
 */
public record CocoResult(
        long imageId,
        long categoryId,
        double score,
        double @Nullable [] box,
        @Nullable RunLengthMask mask) {}
