/**
 * Conversion of pixels to normalised model input, for images and for clips.
 */
@NullMarked
package io.github.hiera4j.media.preprocess;

import org.jspecify.annotations.NullMarked;
