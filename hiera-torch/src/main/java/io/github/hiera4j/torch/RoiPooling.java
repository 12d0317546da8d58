package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.RoiAxis;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LayoutOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Layout;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@link Op.RoiAlign} as one product of a sparse matrix and the features per level; the gradient is the product with its
 * transpose. The matrices depend only on the boxes and are built on the host.
 */
public final class RoiPooling {
    private final Op.RoiAlign op;
    private final List<Shape> maps;
    private final int boxes;
    private final List<Entries> levels = new ArrayList<>();

    /** The entries of one level's matrix {@code [R · bins, B · h · w]}. */
    private static final class Entries {
        long[] rows = new long[1024];
        long[] columns = new long[1024];
        double[] weights = new double[1024];
        int count;

        void add(long row, long column, double weight) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, 2 * count);
                columns = Arrays.copyOf(columns, 2 * count);
                weights = Arrays.copyOf(weights, 2 * count);
            }
            rows[count] = row;
            columns[count] = column;
            weights[count++] = weight;
        }
    }

    /**
     * Plans the products.
     *
     * @param op the operation with its settings
     * @param maps {@code [B, h, w, C]} per level
     * @param rows the boxes, {@code [R, 6]}
     */
    public RoiPooling(Op.RoiAlign op, List<Tensor> maps, Tensor rows) {
        this.op = op;
        this.maps = maps.stream().map(RoiPooling::shape).toList();
        double[] values = NativeTensors.toHost(rows).toDoubles();
        boxes = values.length / RoiPlan.COLUMNS;
        maps.forEach(map -> levels.add(new Entries()));
        RoiPlan plan = new RoiPlan(op, this.maps);
        for (int i = 0; i < boxes; i++) {
            add(i, plan.box(Arrays.copyOfRange(values, i * RoiPlan.COLUMNS, (i + 1) * RoiPlan.COLUMNS)));
        }
    }

    private static Shape shape(Tensor tensor) {
        return Shape.of(Arrays.stream(tensor.sizes().vec().get())
                .mapToInt(Math::toIntExact)
                .toArray());
    }

    private void add(int index, RoiPlan.Box box) {
        Shape map = maps.get(box.level());
        Entries entries = levels.get(box.level());
        RoiAxis rows = box.rows();
        RoiAxis columns = box.columns();
        for (int y = 0; y < op.height(); y++) {
            for (int x = 0; x < op.width(); x++) {
                long bin = ((long) index * op.height() + y) * op.width() + x;
                for (int i = 0; i < rows.count(y); i++) {
                    long line = (long) box.sample() * map.size(1) + rows.position(y, i);
                    for (int j = 0; j < columns.count(x); j++) {
                        entries.add(
                                bin,
                                line * map.size(2) + columns.position(x, j),
                                rows.weight(y, i) * columns.weight(x, j));
                    }
                }
            }
        }
    }

    private long bins() {
        return (long) boxes * op.height() * op.width();
    }

    private static long positions(Shape map) {
        return (long) map.size(0) * map.size(1) * map.size(2);
    }

    /**
     * {@code [R, height, width, C]}; temporaries belong to the current scope.
     *
     * @param features the maps of all levels, {@code [B, h, w, C]}
     * @return the pooled boxes
     */
    public Tensor pool(List<Tensor> features) {
        long channels = maps.get(0).size(3);
        long[] sizes = {bins(), channels};
        Tensor result = sums(sizes, features.get(0));
        for (int level = 0; level < features.size(); level++) {
            Entries entries = levels.get(level);
            if (entries.count > 0) {
                long[] flat = {positions(maps.get(level)), channels};
                Tensor matrix = matrix(entries.rows, entries.columns, entries, bins(), flat[0], result);
                Tensor map = features.get(level).reshape(flat).to(result.scalar_type());
                result.addmm_(matrix, map, new Scalar(1), new Scalar(1));
            }
        }
        long[] pooled = {boxes, op.height(), op.width(), channels};
        return result.view(pooled).to(features.get(0).scalar_type());
    }

    /**
     * {@return whether any box reads the level}
     *
     * @param level the level, from 0 (the finest)
     */
    public boolean reads(int level) {
        return levels.get(level).count > 0;
    }

    /**
     * {@return the gradient of a level's map, given that of the result; temporaries belong to the current scope}
     *
     * @param level the level, from 0 (the finest)
     * @param ofResult the gradient of the result
     */
    public Tensor gradient(int level, Tensor ofResult) {
        Shape map = maps.get(level);
        Entries entries = levels.get(level);
        long[] flat = {positions(map), map.size(3)};
        long[] rows = {bins(), map.size(3)};
        Tensor result = sums(flat, ofResult);
        Tensor matrix = matrix(entries.columns, entries.rows, entries, flat[0], bins(), result);
        result.addmm_(matrix, ofResult.reshape(rows).to(result.scalar_type()), new Scalar(1), new Scalar(1));
        return result.view(NativeTensors.sizes(map)).to(ofResult.scalar_type());
    }

    /** Returns zeros to which products are added: on a GPU in float32, because libtorch has no sparse products in 16 bits there. */
    private static Tensor sums(long[] sizes, Tensor like) {
        ScalarType type = like.scalar_type().intern();
        boolean narrow = like.is_cuda() && type != ScalarType.Double;
        TensorOptions options = new TensorOptions(narrow ? ScalarType.Float : type);
        return torch.zeros(sizes, options.device(new DeviceOptional(like.device())));
    }

    private static Tensor matrix(long[] first, long[] second, Entries entries, long rows, long columns, Tensor like) {
        long[] indices = Arrays.copyOf(first, 2 * entries.count);
        System.arraycopy(second, 0, indices, entries.count, entries.count);
        Tensor positions = NativeTensors.copyOf(
                HostTensor.of(Shape.of(2, entries.count), indices), like.device(), ScalarType.Long);
        Tensor weights = NativeTensors.copyOf(
                HostTensor.of(Shape.of(entries.count), Arrays.copyOf(entries.weights, entries.count)),
                like.device(),
                like.scalar_type());
        long[] sizes = {rows, columns};
        return torch.torch__sparse_coo_tensor_unsafe(
                positions,
                weights,
                sizes,
                like.options().layout(new LayoutOptional(Layout.Sparse)),
                new BoolOptional());
    }
}
