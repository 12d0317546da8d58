package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention between two sets of tokens, with its own projections for queries, keys and values.
 *
 * @param heads attention heads
 * @param dim inner channels
 */
record TwoWayAttention(int heads, int dim) {

    /**
     * Computes softmax(q · kᵀ / √headDim + bias) · v, projected.
     *
     * @param g scoped to the attention's parameters
     * @param queries {@code [B, M, C]}
     * @param keys {@code [B, N, C]}
     * @param values {@code [B, N, C]}
     * @param bias {@code [B, 1, 1, N]}, added to the scores, or null
     * @return {@code [B, M, C]}
     */
    Value build(GraphBuilder g, Value queries, Value keys, Value values, @Nullable Value bias) {
        boolean fewerQueries = queries.size(1) <= keys.size(1);
        Value q = project(g, queries, "q_proj", fewerQueries); // [B, M, dim]
        Value k = project(g, keys, "k_proj", !fewerQueries); // [B, N, dim]
        Value v = g.linear(values, "v_proj", dim);
        Value scores = g.matrixProduct(g.permute(split(g, q), BY_HEAD), g.permute(split(g, k), BY_HEAD_TRANSPOSED));
        Value weights = g.softmax(bias == null ? scores : g.add(scores, bias)); // [B, heads, M, N]
        Value mixed = g.permute(g.matrixProduct(weights, g.permute(split(g, v), BY_HEAD)), BY_HEAD);
        Value joined = g.reshape(mixed, Shape.of(mixed.size(0), queries.size(1), dim));
        return g.linear(joined, "out_proj", queries.size(2));
    }

    /** {@code [B, N, heads, d]} to {@code [B, heads, N, d]} and back. */
    private static final List<Integer> BY_HEAD = List.of(0, 2, 1, 3);

    private static final List<Integer> BY_HEAD_TRANSPOSED = List.of(0, 2, 3, 1);

    /** Projects tokens; the scale of the scores is applied to the side that has fewer tokens. */
    private Value project(GraphBuilder g, Value x, String name, boolean scaled) {
        Value projected = g.linear(x, name, dim);
        if (!scaled) {
            return projected;
        }
        double scale = 1 / Math.sqrt((double) dim / heads);
        return g.multiply(projected, g.constant(name + ".scale", HostTensor.of(Shape.of(1, 1, 1), scale)));
    }

    private Value split(GraphBuilder g, Value x) {
        return g.reshape(x, Shape.of(x.size(0), x.size(1), heads, dim / heads));
    }
}
