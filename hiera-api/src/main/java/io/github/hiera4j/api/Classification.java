package io.github.hiera4j.api;

/**
 * One class and how likely it is.
 *
 * @param index the class, from 0
 * @param label its name; {@code class 3} where names are not known
 * @param probability softmax over all classes, from 0 to 1
 */
public record Classification(int index, String label, double probability) {}
