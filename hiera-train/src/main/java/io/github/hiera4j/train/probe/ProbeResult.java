package io.github.hiera4j.train.probe;

import io.github.hiera4j.train.metrics.Evaluation;

/**
 * What a frozen encoder's features are worth, on held-out samples.
 *
 * @param trained training samples that were fitted
 * @param width numbers of one feature vector
 * @param penalty of the linear classifier's weights, chosen on training samples
 * @param neighbours that voted
 * @param linear what the linear classifier says
 * @param nearest what the nearest neighbours say
 */
public record ProbeResult(
        int trained, int width, double penalty, int neighbours, Evaluation linear, Evaluation nearest) {}
