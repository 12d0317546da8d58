package io.github.hiera4j.model;

/** Which Hiera4j this is. */
public final class Version {
    public static final String NAME = "0.1.0";

    private Version() {}
}
