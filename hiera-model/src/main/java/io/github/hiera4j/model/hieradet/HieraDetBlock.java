package io.github.hiera4j.model.hieradet;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;

/**
 * A block of the trunk: attention inside windows or over all tokens, and an MLP. The first block of a stage widens and pools.
 *
 * <p>The residual stream keeps the order of the block's windows, so that blocks with equal windows move nothing. Only if windows
 * need padding is it in raster order, because it does not include padded tokens.
 */
record HieraDetBlock(HieraDetBlockPlan plan, double layerNormEps, HieraDet.Naming naming) {

    /** Maps {@code [B, N, C]} to {@code [B, N / 4 or N, dimOut]}; {@code g} is scoped to this block. */
    WindowTokens build(GraphBuilder g, WindowTokens incoming) {
        WindowLayout windows = windows(incoming.layout());
        WindowLayout stream = windows.isPadded() ? WindowLayout.raster(windows.grid()) : windows;
        WindowTokens x = incoming.movedTo(g, stream);
        WindowTokens normed = new WindowTokens(g.layerNorm(x.value(), "norm1", layerNormEps), stream);
        WindowTokens skip = skip(g, x, normed);
        Value attended = attend(g.scope("attn"), normed.movedTo(g, windows), skip.layout());
        Value sum = g.add(skip.value(), g.dropPath(attended, plan.dropPath())); // [B, N', dimOut]
        Value mlp = mlp(g.scope("mlp"), g.layerNorm(sum, "norm2", layerNormEps));
        return new WindowTokens(g.add(sum, g.dropPath(mlp, plan.dropPath())), skip.layout());
    }

    /** Returns the order that attention reads; any order is suitable if one window contains all tokens. */
    private WindowLayout windows(WindowLayout incoming) {
        return plan.window() == HieraDetBlockPlan.GLOBAL
                ? incoming
                : WindowLayout.of(incoming.grid(), plan.window(), plan.poolingsLeft());
    }

    /** Builds the skip, which in a widening block is a projection of the <em>normed</em> input. */
    private WindowTokens skip(GraphBuilder g, WindowTokens x, WindowTokens normed) {
        WindowTokens wide =
                plan.widens() ? new WindowTokens(g.linear(normed.value(), "proj", plan.dimOut()), x.layout()) : x;
        return plan.pools() ? wide.pooled(g) : wide;
    }

    /** Builds the attention. Padded tokens participate: their queries, keys and values are the layer's bias. */
    private Value attend(GraphBuilder g, WindowTokens x, WindowLayout target) {
        Value qkv = g.linear(x.value(), "qkv", 3 * plan.dimOut()); // [B, N, 3·dimOut]
        int windows = plan.window() == HieraDetBlockPlan.GLOBAL ? 1 : x.layout().windowCount();
        Value attended = g.attention(qkv, plan.heads(), windows, plan.pools() ? 4 : 1);
        WindowLayout left = plan.pools() ? x.layout().pooled() : x.layout();
        WindowTokens back = new WindowTokens(attended, left).movedTo(g, target); // without padded tokens
        return g.linear(back.value(), "proj", plan.dimOut());
    }

    private Value mlp(GraphBuilder g, Value x) {
        Value hidden = g.linear(x, naming.first(), plan.mlpDim(), Activation.GELU);
        return g.linear(hidden, naming.second(), plan.dimOut());
    }
}
