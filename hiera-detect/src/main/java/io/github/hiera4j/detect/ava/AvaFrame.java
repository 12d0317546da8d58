package io.github.hiera4j.detect.ava;

/**
 * A key frame.
 *
 * @param video the video name
 * @param second the second in the video, from 0
 */
public record AvaFrame(String video, int second) {}
