package io.github.hiera4j.api;

/**
 * A class and its probability.
 *
 * @param index the class, from 0
 * @param label its name; {@code class 3} if the names are unknown
 * @param probability softmax over all classes, from 0 to 1
 */
public record Classification(int index, String label, double probability) {}
