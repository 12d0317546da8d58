/**
 * Segmentation by prompts: {@link HieraSegmenter} finds the outlines of the objects at points and in boxes, or of everything in an image.
 * Results are plain Java.
 */
@NullMarked
package io.github.hiera4j.api.segment;

import org.jspecify.annotations.NullMarked;
