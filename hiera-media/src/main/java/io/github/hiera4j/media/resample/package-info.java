/**
 * Pillow-exact resampling: antialiased fixed-point bicubic and bilinear filters, crops and boxes.
 */
@NullMarked
package io.github.hiera4j.media.resample;

import org.jspecify.annotations.NullMarked;
