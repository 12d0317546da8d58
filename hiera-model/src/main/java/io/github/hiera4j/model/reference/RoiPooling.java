package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.RoiAxis;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** {@link Op.RoiAlign}: every bin is a sum over the few features that its two interpolations read. */
final class RoiPooling {
    private RoiPooling() {}

    static DoubleTensor pool(Op.RoiAlign op, List<DoubleTensor> maps, DoubleTensor boxes) {
        RoiPlan plan = new RoiPlan(op, maps.stream().map(DoubleTensor::shape).toList());
        int count = boxes.shape().size(0);
        int channels = maps.get(0).shape().size(3);
        DoubleTensor result = DoubleTensor.zeros(Shape.of(count, op.height(), op.width(), channels));
        IntStream.range(0, count).parallel().forEach(i -> {
            double[] row = Arrays.copyOfRange(boxes.values(), i * RoiPlan.COLUMNS, (i + 1) * RoiPlan.COLUMNS);
            RoiPlan.Box box = plan.box(row);
            DoubleTensor map = maps.get(box.level());
            for (int bin = 0; bin < op.height() * op.width(); bin++) {
                int target = (i * op.height() * op.width() + bin) * channels;
                pool(box, bin / op.width(), bin % op.width(), map, result.values(), target);
            }
        });
        return result;
    }

    private static void pool(RoiPlan.Box box, int y, int x, DoubleTensor map, double[] target, int at) {
        int height = map.shape().size(1);
        int width = map.shape().size(2);
        int channels = map.shape().size(3);
        RoiAxis rows = box.rows();
        RoiAxis columns = box.columns();
        for (int row = 0; row < rows.count(y); row++) {
            for (int column = 0; column < columns.count(x); column++) {
                double weight = rows.weight(y, row) * columns.weight(x, column);
                int line = box.sample() * height + rows.position(y, row);
                int source = (line * width + columns.position(x, column)) * channels;
                for (int channel = 0; channel < channels; channel++) {
                    target[at + channel] += weight * map.values()[source + channel];
                }
            }
        }
    }
}
