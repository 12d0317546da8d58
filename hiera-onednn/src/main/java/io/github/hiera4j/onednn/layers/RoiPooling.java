package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.RoiAxis;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.onednn.plan.HostStep;
import io.github.hiera4j.onednn.plan.View;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Op.RoiAlign} in Java: each box reads its lines of features once, interpolates along them, then across them. The inner
 * loops run over channels, which the compiler vectorises. It costs a thousandth of the heads.
 */
final class RoiPooling {
    private final Op.RoiAlign op;
    private final List<View> maps;
    private final int channels;
    private final RoiPlan plan;

    private RoiPooling(Op.RoiAlign op, List<View> maps) {
        this.op = op;
        this.maps = maps;
        channels = (int) maps.get(0).size(3);
        plan = new RoiPlan(op, maps.stream().map(RoiPooling::shape).toList());
    }

    private static Shape shape(View view) {
        return Shape.of(Arrays.stream(view.sizes()).mapToInt(Math::toIntExact).toArray());
    }

    /** Dense float32 maps {@code [B, h, w, C]} and boxes {@code [R, 6]} to dense {@code [R, height, width, C]}. */
    static HostStep step(String node, Op.RoiAlign op, List<View> maps, View boxes, View destination) {
        RoiPooling pooling = new RoiPooling(op, maps);
        List<View> views = new ArrayList<>(maps);
        views.add(boxes);
        views.add(destination);
        int count = Math.toIntExact(boxes.size(0));
        return new HostStep(node, "RoiAlign", views, bytes -> pooling.run(bytes, count));
    }

    private void run(ByteBuffer[] bytes, int count) {
        FloatBuffer boxes = floats(bytes[maps.size()]);
        FloatBuffer target = floats(bytes[maps.size() + 1]);
        float[] across = new float[op.width() * channels];
        float[] sums = new float[op.width() * channels];
        double[] row = new double[RoiPlan.COLUMNS];
        for (int i = 0; i < count; i++) {
            for (int column = 0; column < row.length; column++) {
                row[column] = boxes.get(i * row.length + column);
            }
            RoiPlan.Box box = plan.box(row);
            FloatBuffer map = floats(bytes[box.level()]);
            float[][] lines = lines(box, map, across);
            for (int y = 0; y < op.height(); y++) {
                combine(box.rows(), y, lines, sums);
                target.put((i * op.height() + y) * sums.length, sums);
            }
        }
    }

    private static FloatBuffer floats(ByteBuffer bytes) {
        return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }

    /** The lines that a box reads, each interpolated at the columns of the bins: {@code [lines][width · C]}. */
    private float[][] lines(RoiPlan.Box box, FloatBuffer map, float[] scratch) {
        View view = maps.get(box.level());
        RoiAxis columns = box.columns();
        RoiAxis rows = box.rows();
        int lowest = rows.lowest();
        if (rows.highest() < lowest || columns.highest() < columns.lowest()) {
            return new float[0][];
        }
        float[][] lines = new float[rows.highest() - lowest + 1][];
        float[] features = new float[(columns.highest() - columns.lowest() + 1) * channels];
        for (int line = 0; line < lines.length; line++) {
            long start = ((long) box.sample() * view.size(1) + lowest + line) * view.size(2) + columns.lowest();
            map.get(Math.toIntExact(start * channels), features);
            Arrays.fill(scratch, 0);
            for (int x = 0; x < op.width(); x++) {
                for (int i = 0; i < columns.count(x); i++) {
                    int from = (columns.position(x, i) - columns.lowest()) * channels;
                    add((float) columns.weight(x, i), features, from, scratch, x * channels, channels);
                }
            }
            lines[line] = scratch.clone();
        }
        return lines;
    }

    private static void combine(RoiAxis rows, int bin, float[][] lines, float[] sums) {
        Arrays.fill(sums, 0);
        if (lines.length > 0) {
            for (int i = 0; i < rows.count(bin); i++) {
                float[] line = lines[rows.position(bin, i) - rows.lowest()];
                add((float) rows.weight(bin, i), line, 0, sums, 0, sums.length);
            }
        }
    }

    private static void add(float weight, float[] source, int from, float[] target, int to, int count) {
        for (int i = 0; i < count; i++) {
            target[to + i] += weight * source[from + i];
        }
    }
}
