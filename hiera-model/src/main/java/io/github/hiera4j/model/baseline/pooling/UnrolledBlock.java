package io.github.hiera4j.model.baseline.pooling;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.tensor.Shape;

/**
 * A transformer block of rungs d and e. Its pooling windows do not overlap, so that on unrolled tokens every pooling is a maximum
 * over a contiguous axis, as in Hiera; attention is global.
 *
 * @param plan widths and strides
 * @param addsQueries whether pooled queries are added to the output of attention (rung d)
 * @param epsilon the epsilon of every LayerNorm
 */
public record UnrolledBlock(PoolingBlockPlan plan, boolean addsQueries, double epsilon) {

    /**
     * {@return the output tokens {@code [B, N / queryPool, dimOut]}; {@code g} is scoped to this block}
     *
     * @param g the graph under construction
     * @param x tokens {@code [B, N, dim]}
     */
    public Value build(GraphBuilder g, Value x) {
        int dim = plan.attentionDim();
        Value normed = g.layerNorm(x, "norm1", epsilon);
        Value attended = attention(g.scope("attn"), normed);
        Value skip = plan.attentionDim() == plan.dim() ? x : g.linear(normed, "proj", dim);
        x = g.add(pooled(g, skip, queryPool()), g.dropPath(attended, plan.dropPath()));
        GraphBuilder mlp = g.scope("mlp");
        Value hidden =
                mlp.linear(g.layerNorm(x, "norm2", epsilon), "fc1", PoolingBlockPlan.MLP_RATIO * dim, Activation.GELU);
        return g.add(x, g.dropPath(mlp.linear(hidden, "fc2", dim), plan.dropPath()));
    }

    private int queryPool() {
        return Axes.product(plan.queryStride());
    }

    private Value attention(GraphBuilder g, Value x) {
        int dim = plan.attentionDim();
        int keyPool = Axes.product(plan.keyStride());
        Value qkv = g.linear(x, "qkv", 3 * dim);
        Value q = pooled(g, g.slice(qkv, 2, 0, dim), queryPool());
        Value attended;
        if (keyPool == 1) {
            attended = g.attention(qkv, plan.heads(), 1, queryPool());
        } else {
            Value k = pooled(g, g.slice(qkv, 2, dim, dim), keyPool);
            Value v = pooled(g, g.slice(qkv, 2, 2 * dim, dim), keyPool);
            attended = g.pooledAttention(q, k, v, plan.heads(), 0);
        }
        return g.linear(addsQueries ? g.add(attended, q) : attended, "proj", dim);
    }

    /** Pools {@code [B, N, C]} to {@code [B, N / pool, C]}: the maximum over the leading axis. */
    private static Value pooled(GraphBuilder g, Value x, int pool) {
        return pool == 1 ? x : g.max(g.reshape(x, Shape.batched(pool, x.size(1) / pool, x.size(2))), 1);
    }
}
