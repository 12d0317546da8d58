package io.github.hiera4j.train.probe;

import io.github.hiera4j.train.metrics.Evaluation;

/**
 * The accuracy of classifiers on a frozen encoder's features, on held-out samples.
 *
 * @param trained number of training samples
 * @param width length of a feature vector
 * @param penalty of the linear classifier's weights, chosen on training samples
 * @param neighbours number of neighbours that voted
 * @param linear predictions of the linear classifier
 * @param nearest predictions of the nearest neighbours
 */
public record ProbeResult(
        int trained, int width, double penalty, int neighbours, Evaluation linear, Evaluation nearest) {}
