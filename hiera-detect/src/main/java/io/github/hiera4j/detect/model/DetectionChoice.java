package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.NonMaximumSuppression;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Selects an image's detections from the class scores and deltas of its proposals: every class of every proposal is a candidate.
 *
 * @param config provides the classes, deltas and rules for detections
 */
record DetectionChoice(MaskRcnnConfig config) {

    /**
     * Returns the detections, best first.
     *
     * @param logits {@code [R · (classes + 1)]}, the background last
     * @param deltas {@code [R · classes · 4]}
     * @param height height of the image without padding
     */
    RawDetections select(double[] logits, double[] deltas, Boxes proposals, double height, double width) {
        int classes = config.classes();
        List<double[]> corners = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i < proposals.size(); i++) {
            double[] probabilities = softmax(logits, i * (classes + 1), classes + 1);
            if (!isFinite(probabilities)) {
                continue;
            }
            for (int label = 0; label < classes; label++) {
                if (probabilities[label] > config.output().smallestScore()) {
                    int at = 4 * (i * classes + label);
                    Boxes box = config.heads()
                            .deltas()
                            .decode(Arrays.copyOfRange(deltas, at, at + 4), proposals.select(i))
                            .clip(height, width);
                    if (box.isFinite(0) && isLarge(box)) {
                        corners.add(box.corners(0));
                        scores.add(probabilities[label]);
                        labels.add(label);
                    }
                }
            }
        }
        RawDetections all = new RawDetections(
                Boxes.ofRows(corners.toArray(double[][]::new)),
                scores.stream().mapToDouble(Double::doubleValue).toArray(),
                labels.stream().mapToInt(Integer::intValue).toArray(),
                new double[0][]);
        int[] kept = NonMaximumSuppression.keep(
                all.boxes(), all.scores(), all.classes(), config.output().suppression());
        return all.select(
                Arrays.copyOf(kept, Math.min(kept.length, config.output().most())));
    }

    private boolean isLarge(Boxes box) {
        double smallest = config.output().smallestSide();
        return smallest == 0 || (box.width(0) >= smallest && box.height(0) >= smallest);
    }

    private static boolean isFinite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    private static double[] softmax(double[] logits, int from, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, logits[from + i]);
        }
        double[] result = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            result[i] = Math.exp(logits[from + i] - largest);
            sum += result[i];
        }
        for (int i = 0; i < count; i++) {
            result[i] /= sum;
        }
        return result;
    }
}
