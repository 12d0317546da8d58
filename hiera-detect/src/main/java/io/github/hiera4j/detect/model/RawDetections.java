package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;

/**
 * Detections in one image in the network's pixels, best first.
 *
 * @param boxes boxes in pixels of the resized image
 * @param scores probabilities
 * @param classes class indices, from 0
 * @param masks per detection, the probabilities of its class {@code [side · side]}; empty if not computed
 */
public record RawDetections(Boxes boxes, double[] scores, int[] classes, double[][] masks) {
    /** {@return the number of detections} */
    public int size() {
        return scores.length;
    }

    /** Returns a copy with masks. */
    RawDetections withMasks(double[][] computed) {
        return new RawDetections(boxes, scores, classes, computed);
    }

    /** Returns the detections at the given positions. */
    RawDetections select(int... positions) {
        double[] chosenScores = new double[positions.length];
        int[] chosenClasses = new int[positions.length];
        double[][] chosenMasks = new double[masks.length == 0 ? 0 : positions.length][];
        for (int i = 0; i < positions.length; i++) {
            chosenScores[i] = scores[positions[i]];
            chosenClasses[i] = classes[positions[i]];
            if (chosenMasks.length > 0) {
                chosenMasks[i] = masks[positions[i]];
            }
        }
        return new RawDetections(boxes.select(positions), chosenScores, chosenClasses, chosenMasks);
    }
}
