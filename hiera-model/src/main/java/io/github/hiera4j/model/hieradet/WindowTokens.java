package io.github.hiera4j.model.hieradet;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;

/**
 * Tokens and their order.
 *
 * @param value {@code [B, N, C]}
 * @param layout their order
 */
record WindowTokens(Value value, WindowLayout layout) {

    /** Returns the same tokens in another order of the same grid. */
    WindowTokens movedTo(GraphBuilder g, WindowLayout target) {
        check(layout.grid().equals(target.grid()), "expected tokens of a grid of %s, got %s", target, layout);
        return layout.equals(target) ? this : new WindowTokens(target.fromMap(g, map(g)), target);
    }

    /** Returns the tokens as {@code [B, h, w, C]}. */
    Value map(GraphBuilder g) {
        return layout.toMap(g, value);
    }

    /** Returns the maximum of each 2 × 2 tokens. */
    WindowTokens pooled(GraphBuilder g) {
        WindowTokens ready = layout.poolings() > 0 ? this : movedTo(g, new WindowLayout(layout.grid(), 2, 1));
        Value x = ready.value();
        Value groups = g.reshape(x, Shape.batched(4, x.size(1) / 4, x.size(2)));
        return new WindowTokens(g.max(groups, 1), ready.layout().pooled());
    }
}
