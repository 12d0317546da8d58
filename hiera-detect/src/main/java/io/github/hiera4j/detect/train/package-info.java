/**
 * Training of detectors on data in COCO's layout with the training library. Unlike the rest of this module, it needs hiera-train and
 * therefore libtorch.
 */
@NullMarked
package io.github.hiera4j.detect.train;

import org.jspecify.annotations.NullMarked;
