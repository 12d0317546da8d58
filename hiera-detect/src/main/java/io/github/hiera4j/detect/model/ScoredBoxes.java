package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;

/**
 * Proposals in one image, best first.
 *
 * @param boxes boxes in pixels of the resized image
 * @param scores logits, or probabilities if the rules rank by them
 * @param levels index of the source level of each box, 0 for p2
 */
public record ScoredBoxes(Boxes boxes, double[] scores, int[] levels) {}
