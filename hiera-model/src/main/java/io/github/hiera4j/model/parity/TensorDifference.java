package io.github.hiera4j.model.parity;

/**
 * The difference between a tensor and its golden figures.
 *
 * @param name the graph's output, or {@code loss}
 * @param maxAbs largest absolute difference of the stated elements
 * @param relL2 L2 norm of the differences, relative to the golden norm
 */
public record TensorDifference(String name, double maxAbs, double relL2) {}
