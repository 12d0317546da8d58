package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.PyramidLevels;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;

/** Converts boxes to the input rows of the heads: sample, level, x1, y1, x2, y2. */
public final class HeadBoxes {
    private HeadBoxes() {}

    /**
     * Returns rows for boxes of one image; padding rows are one pixel in the top left corner.
     *
     * @param rows number of rows, at least the number of boxes
     * @param wide whether to use float64, for engines that compute in it
     */
    static HostTensor of(Boxes boxes, int from, int count, int rows, PyramidLevels levels, boolean wide) {
        double[] values = new double[rows * RoiPlan.COLUMNS];
        for (int i = 0; i < rows; i++) {
            if (i < count) {
                write(values, i, 0, boxes, from + i, levels);
            } else {
                values[i * RoiPlan.COLUMNS + 4] = 1;
                values[i * RoiPlan.COLUMNS + 5] = 1;
            }
        }
        HostTensor tensor = HostTensor.of(Shape.of(rows, RoiPlan.COLUMNS), values);
        return wide ? tensor : tensor.to(DType.FLOAT32);
    }

    /**
     * Writes one row.
     *
     * @param rows the target
     * @param row the row of the target
     * @param sample the image in the batch, from 0
     * @param boxes boxes in pixels
     * @param i the box, from 0
     * @param levels assigns levels to boxes
     */
    public static void write(double[] rows, int row, int sample, Boxes boxes, int i, PyramidLevels levels) {
        int at = row * RoiPlan.COLUMNS;
        rows[at] = sample;
        rows[at + 1] = levels.level(boxes, i) - levels.lowest();
        rows[at + 2] = boxes.x1(i);
        rows[at + 3] = boxes.y1(i);
        rows[at + 4] = boxes.x2(i);
        rows[at + 5] = boxes.y2(i);
    }
}
