/** Checked reading of image files, and the compressions and colours that the decoder library does not support. */
@NullMarked
package io.github.hiera4j.media.image.internal;

import org.jspecify.annotations.NullMarked;
