package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Boxes by clip, in the order of the file, and their labels from 0. */
record ActionPeople(List<List<double[]>> boxes, List<List<int[]>> labels, List<Integer> slots, int most) {
    static ActionPeople read(JsonNode json, int clips) {
        List<List<double[]>> boxes = new ArrayList<>();
        List<List<int[]>> labels = new ArrayList<>();
        List<Integer> slots = new ArrayList<>();
        for (int clip = 0; clip < clips; clip++) {
            boxes.add(new ArrayList<>());
            labels.add(new ArrayList<>());
        }
        for (int i = 0; i < json.path("boxes").size(); i++) {
            double[] row = doubles(json.path("boxes").path(i));
            int clip = (int) row[0];
            slots.add(boxes.get(clip).size());
            boxes.get(clip).add(Arrays.copyOfRange(row, 1, 5));
            labels.get(clip)
                    .add(Arrays.stream(Findings.integers(json.path("labels").path(i)))
                            .map(label -> label - 1)
                            .toArray());
        }
        int most = boxes.stream().mapToInt(List::size).max().orElse(0);
        return new ActionPeople(boxes, labels, slots, most);
    }

    /** Returns the boxes of every clip. */
    List<Boxes> byClip() {
        return boxes.stream()
                .map(clip -> Boxes.ofRows(clip.toArray(double[][]::new)))
                .toList();
    }

    /** Returns all boxes in the order of the file as input rows of the network, {@code [R, 6]}. */
    static HostTensor inFileOrder(JsonNode json) {
        int count = json.path("boxes").size();
        double[] rows = new double[count * RoiPlan.COLUMNS];
        for (int i = 0; i < count; i++) {
            double[] row = doubles(json.path("boxes").path(i));
            rows[i * RoiPlan.COLUMNS] = row[0];
            System.arraycopy(row, 1, rows, i * RoiPlan.COLUMNS + 2, 4);
        }
        return HostTensor.of(Shape.of(count, RoiPlan.COLUMNS), rows);
    }
}
