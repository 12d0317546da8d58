/**
 * Training detectors on COCO's layout through the training library. It needs hiera-train, and with it libtorch, which the rest of
 * this module does not.
 */
@NullMarked
package io.github.hiera4j.detect.train;

import org.jspecify.annotations.NullMarked;
