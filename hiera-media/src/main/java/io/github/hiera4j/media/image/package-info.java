/**
 * Image decoding: JPEG, PNG, WebP, BMP, GIF and TIFF to the same pixels as Pillow.
 *
 * <p>Headers are parsed and limits checked before a decoder allocates memory.
 */
@NullMarked
package io.github.hiera4j.media.image;

import org.jspecify.annotations.NullMarked;
