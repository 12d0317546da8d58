/**
 * Image decoding: JPEG, PNG, WebP, BMP, GIF and TIFF to the pixels that Pillow gives.
 *
 * <p>Headers are parsed and limits checked before a decoder allocates memory.
 */
@NullMarked
package io.github.hiera4j.media.image;

import org.jspecify.annotations.NullMarked;
