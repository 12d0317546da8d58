package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;

/**
 * Proposals of one picture, best first.
 *
 * @param boxes in pixels of the resized picture
 * @param scores logits, or probabilities where the rules rank by them
 * @param levels index of the level that each comes from, 0 for p2
 */
public record ScoredBoxes(Boxes boxes, double[] scores, int[] levels) {}
