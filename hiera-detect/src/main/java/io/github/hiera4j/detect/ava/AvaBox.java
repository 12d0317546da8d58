package io.github.hiera4j.detect.ava;

import org.jspecify.annotations.Nullable;

/**
 * A person who performs an action, as ground truth or detection.
 *
 * @param frame the key frame
 * @param box x1, y1, x2, y2 as fractions of the frame; null for a row that only names a frame
 * @param action class id of the label map, from 1
 * @param score confidence of a detection; 1 for ground truth
 */
public record AvaBox(AvaFrame frame, double @Nullable [] box, int action, double score) {}
