package io.github.hiera4j.model.graph;

/** What a linear layer applies to its result. */
public enum Activation {
    /** Nothing: the product and the bias as they are. */
    NONE,
    /** x · Φ(x) with the exact normal distribution function (erf), not its tanh approximation. */
    GELU
}
