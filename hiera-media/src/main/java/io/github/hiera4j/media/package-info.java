/**
 * Files to pixels: images and videos are recognised by content, decoded, resized as the models were trained and handed
 * on as float32 tensors.
 *
 * <p>Pixels match Pillow for images; video frames are chosen by presentation time. OpenCV and FFmpeg are each reached
 * through classes named after them only ({@code OpenCv…}, {@code Ffmpeg…}); no native handle leaves this package. Networks and weights must
 * not enter it.
 */
@NullMarked
package io.github.hiera4j.media;

import org.jspecify.annotations.NullMarked;
