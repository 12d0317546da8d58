package io.github.hiera4j.model.graph;

/** A function of one number, applied to every element of a tensor. */
public enum Function {
    /** x · Φ(x) with the exact normal distribution function (erf). */
    GELU,
    /** max(x, 0). */
    RELU,
    /** 1 / (1 + exp(-x)). */
    SIGMOID,
    /** sin(x), in radians. */
    SINE,
    /** cos(x), in radians. */
    COSINE,
    /** 1 / √x, for x > 0. */
    INVERSE_SQUARE_ROOT
}
