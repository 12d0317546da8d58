package io.github.hiera4j.model.graph;

/** The function that a linear layer applies to its result. */
public enum Activation {
    /** No function. */
    NONE,
    /** x · Φ(x) with the exact normal distribution function (erf), not its tanh approximation. */
    GELU
}
