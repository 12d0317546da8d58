/**
 * The steps of a detector between its graphs, in plain Java: proposals, boxes for the heads, selection of detections, and their
 * conversion to image coordinates. It runs on any engine through {@link io.github.hiera4j.detect.model.DetectionNetwork}.
 */
@NullMarked
package io.github.hiera4j.detect.model;

import org.jspecify.annotations.NullMarked;
