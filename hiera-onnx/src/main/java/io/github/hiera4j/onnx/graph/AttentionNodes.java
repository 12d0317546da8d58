package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * {@link Op.Attention} as products of matrices. Queries, keys and values are thirds of the channels; each is viewed as
 * {@code [B, perWindow, windows, heads, headDim]}, without the axis of windows where there is one window.
 */
final class AttentionNodes {
    private final NodeWriter nodes;
    private final Op.Attention op;
    private final Tensor qkv;
    private final int channels;
    private final int headDim;

    AttentionNodes(NodeWriter nodes, Op.Attention op, Tensor qkv) {
        this.nodes = nodes;
        this.op = op;
        this.qkv = qkv;
        this.channels = qkv.shape().size(2) / 3;
        this.headDim = op.headDim(qkv.shape());
    }

    /**
     * Appends the nodes.
     *
     * @param pool the maximum over axis 1 of {@code [B, queryPool, tokens, C]}
     */
    Tensor build(UnaryOperator<Tensor> pool) {
        boolean one = op.windows() == 1;
        List<Tensor> thirds = nodes.split(List.of("q", "k", "v"), qkv, 2);
        Tensor pooled = thirds.get(0);
        if (op.queryPool() > 1) {
            Shape groups = qkv.like(op.queryPool(), qkv.shape().size(1) / op.queryPool(), channels);
            pooled = pool.apply(nodes.part("query_groups", "Reshape", groups, List.of(pooled, nodes.target(groups))));
        }
        Tensor scale = nodes.scalar(1 / Math.sqrt(headDim), qkv.dtype());
        Tensor scaled = nodes.part("scaled", "Mul", pooled.shape(), List.of(pooled, scale));
        Tensor q = byHead("q", scaled, one ? List.of(0, 2, 1, 3) : List.of(0, 2, 3, 1, 4));
        Tensor k = byHead("k", thirds.get(1), one ? List.of(0, 2, 3, 1) : List.of(0, 2, 3, 4, 1));
        Tensor v = byHead("v", thirds.get(2), one ? List.of(0, 2, 1, 3) : List.of(0, 2, 3, 1, 4));
        Shape scoreShape = q.shape().withSize(-1, k.shape().size(-1));
        Tensor scores = nodes.part("scores", "MatMul", scoreShape, List.of(q, k));
        Tensor weights = nodes.part("weights", "Softmax", scoreShape, List.of(scores), attribute("axis", -1));
        Tensor mixed = nodes.part("mixed", "MatMul", q.shape(), List.of(weights, v));
        Tensor tokens = permuted("tokens", mixed, one ? List.of(0, 2, 1, 3) : List.of(0, 3, 1, 2, 4));
        Shape result = pooled.shape();
        return nodes.last("Reshape", result, List.of(tokens, nodes.target(result)));
    }

    private Tensor byHead(String label, Tensor x, List<Integer> order) {
        int perWindow = x.shape().size(1) / op.windows();
        Shape shape = op.windows() == 1
                ? x.like(perWindow, op.heads(), headDim)
                : x.like(perWindow, op.windows(), op.heads(), headDim);
        Tensor viewed = nodes.part(label + "_heads", "Reshape", shape, List.of(x, nodes.target(shape)));
        return permuted(label + "_by_head", viewed, order);
    }

    private Tensor permuted(String label, Tensor x, List<Integer> order) {
        Shape shape = Shape.of(order.stream().mapToInt(x.shape()::size).toArray());
        return nodes.part(label, "Transpose", shape, List.of(x), attribute("perm", order));
    }
}
