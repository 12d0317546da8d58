package io.github.hiera4j.model.parity;

/**
 * How far one tensor is from its golden.
 *
 * @param name the graph's output, or {@code loss}
 * @param maxAbs largest absolute difference of the stated elements
 * @param relL2 L2 norm of the differences, relative to the golden's
 */
public record TensorDifference(String name, double maxAbs, double relL2) {}
