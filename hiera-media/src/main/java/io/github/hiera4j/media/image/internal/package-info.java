/** Bytes of image files: checked reading, and the compressions and colours that the decoder library does not know. */
@NullMarked
package io.github.hiera4j.media.image.internal;

import org.jspecify.annotations.NullMarked;
