package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The operations of networks with pooled attention: windows that slide over grids, and attention over the pooled tokens. */
final class PoolingNodes {
    private final NodeWriter nodes;

    PoolingNodes(NodeWriter nodes) {
        this.nodes = nodes;
    }

    /** {@code q [B, Nq, heads·e]}, {@code k [B, Nk, heads·e]}, {@code v [B, Nk, heads·d]} to {@code [B, Nq, heads·d]}. */
    Tensor attention(Op.PooledAttention op, Tensor q, Tensor k, Tensor v) {
        Tensor scale = nodes.scalar(op.scale(q.shape()), q.dtype());
        Tensor scaled = nodes.part("scaled", "Mul", q.shape(), List.of(q, scale));
        Tensor queries = byHead("q", scaled, op.heads(), List.of(0, 2, 1, 3));
        Tensor keys = byHead("k", k, op.heads(), List.of(0, 2, 3, 1));
        Tensor values = byHead("v", v, op.heads(), List.of(0, 2, 1, 3));
        Shape scoreShape = queries.shape().withSize(-1, keys.shape().size(-1));
        Tensor scores = nodes.part("scores", "MatMul", scoreShape, List.of(queries, keys));
        Tensor weights = nodes.part("weights", "Softmax", scoreShape, List.of(scores), attribute("axis", -1));
        Shape mixedShape = queries.shape().withSize(-1, values.shape().size(-1));
        Tensor mixed = nodes.part("mixed", "MatMul", mixedShape, List.of(weights, values));
        Tensor tokens = permuted("tokens", mixed, List.of(0, 2, 1, 3));
        Shape result = q.shape().withSize(2, v.shape().size(2));
        return nodes.last("Reshape", result, List.of(tokens, nodes.target(result)));
    }

    private Tensor byHead(String label, Tensor x, int heads, List<Integer> order) {
        Shape shape = x.like(x.shape().size(1), heads, x.shape().size(2) / heads);
        Tensor viewed = nodes.part(label + "_heads", "Reshape", shape, List.of(x, nodes.target(shape)));
        return permuted(label + "_by_head", viewed, order);
    }

    private Tensor permuted(String label, Tensor x, List<Integer> order) {
        Shape shape = Shape.of(order.stream().mapToInt(x.shape()::size).toArray());
        return nodes.part(label, "Transpose", shape, List.of(x), attribute("perm", order));
    }

    /** {@code [B, G, h, w, C]} to {@code [B, G, h', w', C]}. */
    Tensor convolution(Op.DepthwiseConvolution op, Tensor x, Tensor weight) {
        Shape result = op.infer(List.of(x.shape(), weight.shape()));
        List<Integer> kernel = List.of(weight.shape().size(2), weight.shape().size(3));
        Tensor convolved = nodes.part(
                "planes_out",
                "Conv",
                planes(result),
                List.of(planes(x), weight),
                attribute("kernel_shape", kernel),
                attribute("strides", op.stride()),
                attribute("pads", twice(op.padding())),
                attribute("group", weight.shape().size(0)));
        return grid(convolved, result);
    }

    /** {@code [B, G, h, w, C]} to {@code [B, G, h', w', C]}. */
    Tensor largest(Op.MaxPool op, Tensor x) {
        Shape result = op.infer(List.of(x.shape()));
        Tensor pooled = nodes.part(
                "planes_out",
                "MaxPool",
                planes(result),
                List.of(planes(x)),
                attribute("kernel_shape", op.kernel()),
                attribute("strides", op.stride()),
                attribute("pads", twice(op.padding())));
        if (!op.zeroPadded()) {
            return grid(pooled, result);
        }
        // Not a Pad before the MaxPool: ONNX Runtime merges the two, regardless of the padding value.
        Tensor atLeast = nodes.part("at_least", "Max", pooled.shape(), List.of(pooled, rim(op, x.shape(), result)));
        return grid(atLeast, result);
    }

    /** 0 where a window reads padding, and smaller than any number elsewhere, {@code [1, 1, h', w']}. */
    private Tensor rim(Op.MaxPool op, Shape x, Shape result) {
        int height = result.size(2);
        int width = result.size(3);
        double[] values = new double[height * width];
        for (int i = 0; i < values.length; i++) {
            boolean reads = readsPadding(op, 0, i / width, x.size(2)) || readsPadding(op, 1, i % width, x.size(3));
            values[i] = reads ? 0 : Double.NEGATIVE_INFINITY;
        }
        Shape shape = Shape.of(1, 1, height, width);
        String name = "rim_" + op.kernel() + op.stride() + op.padding() + "of" + x.size(2) + "x" + x.size(3);
        return new Tensor(
                name.replaceAll("[\\[\\], ]+", "_"), nodes.floating(), shape, () -> HostTensor.of(shape, values));
    }

    private static boolean readsPadding(Op.MaxPool op, int axis, int position, int size) {
        int start = position * op.stride().get(axis) - op.padding().get(axis);
        return start < 0 || start + op.kernel().get(axis) > size;
    }

    /** The shape of the planes {@code [B·G, C, h, w]} of {@code [B, G, h, w, C]}. */
    private static Shape planes(Shape grid) {
        int batch = grid.isSymbolic() ? Shape.BATCH : grid.size(0) * grid.size(1);
        return Shape.of(batch, grid.size(4), grid.size(2), grid.size(3));
    }

    private Tensor planes(Tensor x) {
        Shape shape = planes(x.shape());
        Shape merged = Shape.of(shape.size(0), shape.size(2), shape.size(3), shape.size(1));
        Tensor sizes = nodes.integers("shape", -1, merged.size(1), merged.size(2), merged.size(3));
        Tensor groups = nodes.part("groups", "Reshape", merged, List.of(x, sizes));
        return nodes.part("planes", "Transpose", shape, List.of(groups), attribute("perm", List.of(0, 3, 1, 2)));
    }

    private Tensor grid(Tensor planes, Shape result) {
        Shape last = Shape.of(
                planes.shape().size(0),
                planes.shape().size(2),
                planes.shape().size(3),
                planes.shape().size(1));
        Tensor ordered =
                nodes.part("groups_out", "Transpose", last, List.of(planes), attribute("perm", List.of(0, 2, 3, 1)));
        Tensor sizes = nodes.integers(
                "shape",
                result.isSymbolic() ? -1 : result.size(0),
                result.size(1),
                result.size(2),
                result.size(3),
                result.size(4));
        return nodes.last("Reshape", result, List.of(ordered, sizes));
    }

    private static List<Integer> twice(List<Integer> padding) {
        List<Integer> both = new ArrayList<>(padding);
        both.addAll(padding);
        return both;
    }
}
