package io.github.hiera4j.model.baseline.pooling;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.Value;
import java.util.List;

/**
 * A transformer block whose queries, keys and values are pooled on their grid (MViTv2, and Hiera's ladder up to rung c).
 *
 * @param plan widths and strides
 * @param style how the model pools
 * @param grid the grid of the input tokens
 */
public record PoolingBlock(PoolingBlockPlan plan, PoolingStyle style, TokenGrid grid) {

    /**
     * {@return the output tokens {@code [B, N', dimOut]}; {@code g} is scoped to this block}
     *
     * @param g the graph under construction
     * @param x tokens {@code [B, N, dim]}
     */
    public Value build(GraphBuilder g, Value x) {
        Value normed = g.layerNorm(x, "norm1", style.epsilon());
        Value attended = attention(g.scope("attn"), normed);
        Value skip = plan.attentionDim() == plan.dim() ? x : g.linear(normed, "proj", plan.attentionDim());
        x = g.add(plan.poolsQueries() ? pooledSkip(g, skip) : skip, g.dropPath(attended, plan.dropPath()));
        Value norm2 = g.layerNorm(x, "norm2", style.epsilon());
        Value mlp = g.dropPath(mlp(g.scope("mlp"), norm2), plan.dropPath());
        return g.add(plan.dimOut() == plan.attentionDim() ? x : g.linear(norm2, "proj", plan.dimOut()), mlp);
    }

    /** {@return the grid of the output tokens} */
    public TokenGrid gridOut() {
        return grid.pooled(plan.queryStride());
    }

    private Value mlp(GraphBuilder g, Value x) {
        int hidden = PoolingBlockPlan.MLP_RATIO * plan.attentionDim();
        return g.linear(g.linear(x, "fc1", hidden, Activation.GELU), "fc2", plan.dimOut());
    }

    /** Windows larger than their stride by one, along the pooled axes. */
    private Value pooledSkip(GraphBuilder g, Value skip) {
        List<Integer> kernel = plan.queryStride().stream()
                .map(stride -> stride > 1 ? stride + 1 : 1)
                .toList();
        List<Integer> padding =
                plan.queryStride().stream().map(stride -> stride > 1 ? 1 : 0).toList();
        Value pooled =
                g.maxPool(grid.body(g, skip), new Op.MaxPool(kernel, plan.queryStride(), padding, style.zeroPadded()));
        return gridOut().tokens(g, pooled, skip);
    }

    private Value attention(GraphBuilder g, Value x) {
        int dim = plan.attentionDim();
        Value qkv = g.linear(x, "qkv", 3 * dim); // [B, N, 3·dim]
        TokenPooling pooling = new TokenPooling(style, grid, plan.heads());
        Value q = pooling.build(g, g.slice(qkv, 2, 0, dim), "q", plan.queryStride());
        Value attended;
        if (isPlain()) {
            attended = g.attention(qkv, plan.heads(), 1, 1);
        } else {
            Value k = pooling.build(g, g.slice(qkv, 2, dim, dim), "k", plan.keyStride());
            Value v = pooling.build(g, g.slice(qkv, 2, 2 * dim, dim), "v", plan.keyStride());
            attended = style.relativePositions()
                    ? new RelativePositions(plan, style, grid).attend(g, q, k, v)
                    : g.pooledAttention(q, k, v, plan.heads(), 0);
        }
        return g.linear(g.add(attended, residual(g, q)), "proj", dim);
    }

    /** Returns whether nothing is pooled, so that queries, keys and values need not be separated. */
    private boolean isPlain() {
        return !style.keepsStrideOne()
                && !style.relativePositions()
                && !plan.poolsQueries()
                && !PoolingBlockPlan.isStrided(plan.keyStride());
    }

    private Value residual(GraphBuilder g, Value q) {
        if (!grid.hasClassToken() || style.addsQueryOfClassToken()) {
            return q;
        }
        Value nothing = g.constant("no_query", Zeros.of(1, 1, q.size(2)));
        return g.concat(1, nothing, g.slice(q, 1, 1, q.size(1) - 1));
    }
}
