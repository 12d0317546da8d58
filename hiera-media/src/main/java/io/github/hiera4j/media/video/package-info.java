/**
 * Video decoding with FFmpeg, in which frames are selected by presentation time; clip sampling; and an MP4 writer.
 */
@NullMarked
package io.github.hiera4j.media.video;

import org.jspecify.annotations.NullMarked;
