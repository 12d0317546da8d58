/**
 * Geometry of boxes and masks in Detectron2's conventions, in plain Java and double precision.
 *
 * <p>Boxes are corners {@code x1, y1, x2, y2} in pixels unless a name says otherwise. Nothing here depends on networks or files.
 */
@NullMarked
package io.github.hiera4j.detect.geometry;

import org.jspecify.annotations.NullMarked;
