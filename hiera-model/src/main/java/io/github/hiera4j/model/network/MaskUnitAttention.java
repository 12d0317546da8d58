package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;

/** Attention within mask units or over all tokens, with pooled queries in the first block of a stage (paper §3.1, Figure 5). */
record MaskUnitAttention(BlockPlan plan) {

    /** Maps {@code [B, N, dim]} to {@code [B, N / queryPool, dimOut]}. */
    Value build(GraphBuilder g, Value x) {
        Value qkv = g.linear(x, "qkv", 3 * plan.dimOut()); // [B, N, 3·dimOut]
        Value attended = g.attention(qkv, plan.heads(), plan.windows(x.size(1)), plan.queryPool());
        return g.linear(attended, "proj", plan.dimOut()); // [B, N / queryPool, dimOut]
    }
}
