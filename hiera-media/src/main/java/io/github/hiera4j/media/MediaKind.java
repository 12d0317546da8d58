package io.github.hiera4j.media;

/** The kind of content in a file: one image, or images over time. */
public enum MediaKind {
    /** Decoded as one image. */
    IMAGE,
    /** Decoded frame by frame. */
    VIDEO
}
