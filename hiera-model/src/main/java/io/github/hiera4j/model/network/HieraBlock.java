package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;

/**
 * A transformer block: attention and an MLP, each with a LayerNorm before it and a skip connection around it. The first block of a
 * stage also widens, and pools if its plan says so.
 */
public record HieraBlock(BlockPlan plan, HieraConfig config) {

    /**
     * Maps {@code [B, N, dim]} to {@code [B, N / queryPool, dimOut]}; {@code g} is scoped to this block.
     *
     * @param g the graph under construction
     * @param x the tensor
     * @return the block's result
     */
    public Value build(GraphBuilder g, Value x) {
        Value normed = g.layerNorm(x, "norm1", config.layerNormEps()); // [B, N, dim]
        Value attended = new MaskUnitAttention(plan).build(g.scope("attn"), normed);
        Value skip = plan.widens() ? widen(g, x, normed) : x;
        x = g.add(skip, branch(g, attended, "ls1")); // [B, N / queryPool, dimOut]
        Value mlp = mlp(g.scope("mlp"), g.layerNorm(x, "norm2", config.layerNormEps()));
        return g.add(x, branch(g, mlp, "ls2")); // [B, N / queryPool, dimOut]
    }

    private Value mlp(GraphBuilder g, Value x) {
        Value hidden = g.linear(x, "fc1", plan.mlpDim(), Activation.GELU); // [B, N, mlpDim]
        return g.linear(hidden, "fc2", plan.dimOut());
    }

    /** Builds the skip of a widening block: a projection of the <em>normed</em> input, or timm's concatenation of the raw one. */
    private Value widen(GraphBuilder g, Value x, Value normed) {
        if (config.useExpandProj()) {
            Value projected = g.linear(normed, "proj", plan.dimOut());
            return plan.queryPool() == 1 ? projected : g.max(groups(g, projected), 1);
        }
        Value grouped = groups(g, x);
        return g.concat(2, g.max(grouped, 1), g.mean(grouped, 1));
    }

    /** Reshapes {@code [B, N, C]} to {@code [B, queryPool, N / queryPool, C]}: tokens that are pooled together lie along one axis. */
    private Value groups(GraphBuilder g, Value x) {
        int pooled = x.size(1) / plan.queryPool();
        return g.reshape(x, Shape.batched(plan.queryPool(), pooled, x.size(2)));
    }

    /** Applies LayerScale and drop path if configured. */
    private Value branch(GraphBuilder g, Value x, String layerScale) {
        if (config.initValues() != null) {
            Value gamma = g.parameter(layerScale + ".gamma", Shape.of(plan.dimOut()));
            x = g.multiply(x, g.reshape(gamma, 1, 1, plan.dimOut()));
        }
        return g.dropPath(x, plan.dropPath());
    }
}
