package io.github.hiera4j.detect.ava;

/**
 * A key frame.
 *
 * @param video its name
 * @param second of the video, from 0
 */
public record AvaFrame(String video, int second) {}
