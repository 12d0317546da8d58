package io.github.hiera4j.train.recipe;

/** The learning rate of every step. */
@FunctionalInterface
public interface LearningRate {
    /**
     * {@return the rate of a step}
     *
     * @param step from 0
     */
    double at(long step);
}
