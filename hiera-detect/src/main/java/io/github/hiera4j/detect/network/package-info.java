/**
 * Mask R-CNN on Hiera: its settings, and its parts as graphs that every engine runs. What is dynamic, from anchors to the final
 * detections, is plain Java between the graphs and lies in {@code detect.model}.
 */
@NullMarked
package io.github.hiera4j.detect.network;

import org.jspecify.annotations.NullMarked;
