/**
 * Video decoding by FFmpeg: frames are selected by presentation time. Also the sampling of clips and an MP4 writer.
 */
@NullMarked
package io.github.hiera4j.media.video;

import org.jspecify.annotations.NullMarked;
