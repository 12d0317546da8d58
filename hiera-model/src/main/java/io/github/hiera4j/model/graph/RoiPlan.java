package io.github.hiera4j.model.graph;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/** The features that the boxes of an {@link Op.RoiAlign} read, for the kernels of all engines. */
public final class RoiPlan {
    /** Columns of the boxes: sample, level, x1, y1, x2, y2. */
    public static final int COLUMNS = 6;

    private final Op.RoiAlign op;
    private final List<Shape> maps;

    /**
     * Creates the plan of an operation.
     *
     * @param op the operation with its settings
     * @param maps shapes {@code [B, h, w, C]} of the levels, the finest first
     */
    public RoiPlan(Op.RoiAlign op, List<Shape> maps) {
        this.op = op;
        this.maps = List.copyOf(maps);
    }

    /**
     * One box.
     *
     * @param sample row of the batch
     * @param level index of the map
     * @param rows interpolation along the height
     * @param columns interpolation along the width
     */
    public record Box(int sample, int level, RoiAxis rows, RoiAxis columns) {}

    /**
     * {@return the box in a row of the tensor of boxes}
     *
     * @param row {@link #COLUMNS} numbers
     * @throws io.github.hiera4j.model.HieraException if there is no such sample or level, or the box is far outside
     */
    public Box box(double[] row) {
        int sample = (int) row[0];
        int level = (int) row[1];
        check(level >= 0 && level < maps.size(), "a box has level %s, expected 0 to %d", row[1], maps.size() - 1);
        Shape map = maps.get(level);
        check(sample >= 0 && sample < map.size(0), "a box has sample %s, expected 0 to %d", row[0], map.size(0) - 1);
        double scale = op.scales().get(level);
        RoiAxis rows = RoiAxis.of(row[3], row[5], scale, op.height(), map.size(1), op.samplingRatio(), op.aligned());
        RoiAxis columns = RoiAxis.of(row[2], row[4], scale, op.width(), map.size(2), op.samplingRatio(), op.aligned());
        return new Box(sample, level, rows, columns);
    }
}
