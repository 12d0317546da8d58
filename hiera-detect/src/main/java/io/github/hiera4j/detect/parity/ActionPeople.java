package io.github.hiera4j.detect.parity;

import static io.github.hiera4j.detect.parity.Findings.doubles;

import io.github.hiera4j.detect.geometry.Boxes;
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

    Boxes padded(int clip) {
        double[] corners = new double[4 * most];
        for (int i = 0; i < boxes.get(clip).size(); i++) {
            System.arraycopy(boxes.get(clip).get(i), 0, corners, 4 * i, 4);
        }
        return Boxes.of(corners);
    }

    /** All boxes in the order of the file, without padding. */
    static Boxes inFileOrder(JsonNode json) {
        double[] corners = new double[4 * json.path("boxes").size()];
        for (int i = 0; i < json.path("boxes").size(); i++) {
            System.arraycopy(doubles(json.path("boxes").path(i)), 1, corners, 4 * i, 4);
        }
        return Boxes.of(corners);
    }
}
