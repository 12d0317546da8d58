package io.github.hiera4j.media.video;

/**
 * The properties of a video that are known before its frames are read.
 *
 * @param width columns of its frames as shown, after rotation
 * @param height rows of its frames as shown
 * @param codec FFmpeg's name of the codec: {@code h264}, {@code hevc}, {@code vp9}, …
 * @param frameRate average frames per second
 * @param duration seconds from the first frame's presentation to the last frame's, plus one average frame
 */
public record VideoInfo(int width, int height, String codec, double frameRate, double duration) {}
