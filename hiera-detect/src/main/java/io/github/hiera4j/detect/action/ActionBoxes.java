package io.github.hiera4j.detect.action;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.train.data.Placement;
import java.util.List;

/** Converts the boxes of persons to the network's input rows. */
public final class ActionBoxes {
    private ActionBoxes() {}

    /** Returns the corners in input pixels, clipped as in SlowFast: from 0 to the last pixel. */
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

    /** Returns the rows for one clip's boxes, {@code [boxes, 6]}. */
    static HostTensor rows(Boxes boxes) {
        return rows(List.of(boxes), boxes.size());
    }

    /**
     * Returns the rows for the boxes of several clips, {@code [clips · slots, 6]}.
     *
     * @param clips boxes of each clip in input pixels
     * @param slots rows per clip; unused rows have an empty box, which pools zeros
     * @return the rows, in float64
     */
    public static HostTensor rows(List<Boxes> clips, int slots) {
        double[] rows = new double[clips.size() * slots * RoiPlan.COLUMNS];
        for (int clip = 0; clip < clips.size(); clip++) {
            Boxes boxes = clips.get(clip);
            for (int slot = 0; slot < slots; slot++) {
                int at = (clip * slots + slot) * RoiPlan.COLUMNS;
                rows[at] = clip;
                if (slot < boxes.size()) {
                    System.arraycopy(boxes.corners(slot), 0, rows, at + 2, 4);
                }
            }
        }
        return HostTensor.of(Shape.of(clips.size() * slots, RoiPlan.COLUMNS), rows);
    }

    /** Returns the boxes of a clip's persons in input pixels. */
    static Boxes placed(List<Person> persons, Placement placement) {
        double[] corners = new double[4 * persons.size()];
        for (int i = 0; i < persons.size(); i++) {
            System.arraycopy(inInput(persons.get(i).box(), placement), 0, corners, 4 * i, 4);
        }
        return Boxes.of(corners);
    }
}
