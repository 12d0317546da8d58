package io.github.hiera4j.media;

/** What a file holds: one picture, or pictures over time. */
public enum MediaKind {
    /** Decoded as one picture. */
    IMAGE,
    /** Decoded frame by frame. */
    VIDEO
}
