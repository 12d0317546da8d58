/**
 * Binary masks in COCO's run-length encoding, from pixels, polygons and boxes; pure Java, equal to pycocotools 2.0.11.
 *
 * <p>Sizes and runs are checked before memory is allocated, because annotation files are untrusted.
 */
@NullMarked
package io.github.hiera4j.model.mask;

import org.jspecify.annotations.NullMarked;
