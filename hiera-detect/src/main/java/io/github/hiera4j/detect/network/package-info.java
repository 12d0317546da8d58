/**
 * Mask R-CNN on Hiera: its settings, and its parts as graphs that every engine runs. The dynamic steps, from anchors to the final
 * detections, are plain Java in {@code detect.model}, between the graphs.
 */
@NullMarked
package io.github.hiera4j.detect.network;

import org.jspecify.annotations.NullMarked;
