package io.github.hiera4j.media.video;

/**
 * What is known about a video before its frames are read.
 *
 * @param width columns of its frames as they are shown, after rotation
 * @param height rows of its frames as they are shown
 * @param codec FFmpeg's name of the codec: {@code h264}, {@code hevc}, {@code vp9}, …
 * @param frameRate average frames per second
 * @param duration seconds from the first frame's presentation to the last frame's, and one average frame more
 */
public record VideoInfo(int width, int height, String codec, double frameRate, double duration) {}
