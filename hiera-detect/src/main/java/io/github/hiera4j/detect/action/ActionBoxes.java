package io.github.hiera4j.detect.action;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.Placement;
import java.util.List;
import java.util.stream.IntStream;

/** The boxes of a batch's persons as the network reads them. */
final class ActionBoxes {
    private ActionBoxes() {}

    /** Corners in pixels of the input, clipped to it as SlowFast does: from 0 to the last pixel. */
    static double[] inInput(double[] box, Placement placement) {
        double[] placed = placement.box(
                box[0] * placement.frameWidth(),
                box[1] * placement.frameHeight(),
                box[2] * placement.frameWidth(),
                box[3] * placement.frameHeight());
        for (int i = 0; i < 4; i++) {
            int last = (i % 2 == 0 ? placement.width() : placement.height()) - 1;
            placed[i] = Math.min(Math.max(placed[i], 0), last);
        }
        return placed;
    }

    /**
     * RoIAlign's matrices of a batch: {@code [B, boxes · 49, cells]}.
     *
     * @param boxes slots of each clip; those that no person uses have an empty box
     */
    static HostTensor matrices(ActionNetwork network, KeyFrameSource source, Batch batch, int boxes) {
        int cells = network.mapHeight() * network.mapWidth();
        int size = boxes * ActionNetwork.BINS * cells;
        float[] all = new float[batch.size() * size];
        IntStream.range(0, batch.size()).forEach(clip -> {
            List<Person> persons = source.frame(batch.indices()[clip]).persons();
            double[] corners = new double[4 * persons.size()];
            for (int i = 0; i < persons.size(); i++) {
                double[] placed =
                        inInput(persons.get(i).box(), batch.placements().get(clip));
                System.arraycopy(placed, 0, corners, 4 * i, 4);
            }
            double[] matrices = network.interpolation(Boxes.of(corners));
            for (int i = 0; i < matrices.length; i++) {
                all[clip * size + i] = (float) matrices[i];
            }
        });
        return HostTensor.of(Shape.of(batch.size(), boxes * ActionNetwork.BINS, cells), all);
    }
}
