/**
 * What images and videos have in common: recognition by content, decoded pixels, orientation and memory limits.
 *
 * <p>{@code media.image} and {@code media.video} decode, {@code media.resample} resizes as Pillow does, {@code media.preprocess}
 * produces model input. OpenCV and FFmpeg are called only by classes named after them ({@code OpenCv…}, {@code Ffmpeg…}),
 * and no native handle leaves their packages. Networks and weights must not enter this module.
 */
@NullMarked
package io.github.hiera4j.media;

import org.jspecify.annotations.NullMarked;
