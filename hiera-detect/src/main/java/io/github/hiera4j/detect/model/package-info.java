/**
 * What a detector does between its graphs, in plain Java: proposals, the boxes that the heads see, the choice of detections, and
 * their return to the picture. It runs on any engine through {@link io.github.hiera4j.detect.model.DetectionNetwork}.
 */
@NullMarked
package io.github.hiera4j.detect.model;

import org.jspecify.annotations.NullMarked;
