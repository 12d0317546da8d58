package io.github.hiera4j.model.baseline.pooling;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention with decomposed relative positions (MViTv2 §4.1): {@code q·R_h + q·R_w} is added to the score of a query and a key
 * ({@code + q·R_t}), where {@code R} is a learned vector for their distance along the axis.
 *
 * <p>Each query's products with the vectors of all rows, columns and frames of keys become additional channels of the query; a key has a
 * 1 in the channels of its row, column and frame. One matrix product then computes the whole score. The class token has zeros there.
 */
record RelativePositions(PoolingBlockPlan plan, PoolingStyle style, TokenGrid grid) {

    /**
     * One axis: groups, rows or columns.
     *
     * @param name the name of the table
     * @param queries rows (or columns, or frames) of queries
     * @param keys rows (or columns, or frames) of keys
     */
    private record Axis(String name, int queries, int keys) {
        int tableRows() {
            return 2 * Math.max(queries, keys) - 1;
        }

        /** Returns the row of the table for a query and a key. */
        int index(int query, int key) {
            double perQuery = Math.max((double) keys / queries, 1);
            double perKey = Math.max((double) queries / keys, 1);
            return (int) (query * perQuery - key * perKey + (keys - 1) * perKey);
        }
    }

    Value attend(GraphBuilder g, Value q, Value k, Value v) {
        TokenGrid queries = grid.pooled(plan.queryStride());
        TokenGrid keys = grid.pooled(plan.keyStride());
        List<Axis> axes = axes(queries, keys);
        int positions = axes.stream().mapToInt(Axis::keys).sum();
        Value widerQ = g.concat(3, byHead(g, q), queryTerms(g, q, queries, axes));
        Value widerK = g.concat(3, byHead(g, k), g.constant("key_positions", keyTerms(keys, axes, positions)));
        return g.pooledAttention(flat(g, widerQ), flat(g, widerK), v, plan.heads(), positions);
    }

    private List<Axis> axes(TokenGrid queries, TokenGrid keys) {
        List<Axis> axes = new ArrayList<>();
        axes.add(new Axis("rel_pos_h", queries.height(), keys.height()));
        axes.add(new Axis("rel_pos_w", queries.width(), keys.width()));
        if (style.mixesFrames()) {
            axes.add(new Axis("rel_pos_t", queries.groups(), keys.groups()));
        }
        return axes;
    }

    /** Reshapes {@code [B, N, heads·d]} to {@code [B, N, heads, d]}. */
    private Value byHead(GraphBuilder g, Value x) {
        return g.reshape(x, Shape.batched(x.size(1), plan.heads(), x.size(2) / plan.heads()));
    }

    private Value flat(GraphBuilder g, Value x) {
        return g.reshape(x, Shape.batched(x.size(1), x.size(2) * x.size(3)));
    }

    /** Products of queries with the vectors of their distances, {@code [B, N, heads, positions]}. */
    private Value queryTerms(GraphBuilder g, Value q, TokenGrid queries, List<Axis> axes) {
        int heads = plan.heads();
        int headDim = q.size(2) / heads;
        Value body = g.slice(q, 1, queries.classTokens(), queries.positions());
        Value split =
                g.reshape(body, Shape.batched(queries.groups(), queries.height(), queries.width(), heads * headDim));
        Value[] terms = new Value[axes.size()];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = axisTerms(g, split, axes.get(i), headDim, i == 0 ? 2 : i == 1 ? 3 : 1);
        }
        Value all = g.concat(3, terms);
        if (!queries.hasClassToken()) {
            return all;
        }
        return g.concat(1, g.constant("class_positions", Zeros.of(1, 1, heads, all.size(3))), all);
    }

    /**
     * Computes the terms of one axis: {@code [B, T, h, w, heads·d]} to {@code [B, N, heads, keys along the axis]}.
     *
     * @param moved the position of the axis
     */
    private Value axisTerms(GraphBuilder g, Value x, Axis axis, int headDim, int moved) {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
        order.remove(moved);
        order.add(1, moved);
        Value first = g.permute(x, order); // [B, axis, rest, rest, heads·d]
        int rest = first.size(2) * first.size(3) * plan.heads();
        Value rows = g.reshape(first, Shape.batched(axis.queries(), rest, headDim));
        Value products = g.matrixProduct(rows, vectors(g, axis, headDim)); // [B, axis, rest, keys]
        Value split = g.reshape(
                products, Shape.batched(axis.queries(), first.size(2), first.size(3), plan.heads() * axis.keys()));
        List<Integer> back = new ArrayList<>(List.of(0, 2, 3, 4));
        back.add(moved, 1);
        Value ordered = g.permute(split, back);
        int positions = x.size(1) * x.size(2) * x.size(3);
        return g.reshape(ordered, Shape.batched(positions, plan.heads(), axis.keys()));
    }

    /**
     * Returns the learned vectors for every pair of a query and a key, {@code [1, queries, d, keys]}. Attention divides all scores by √d, but these
     * terms must not be divided: they are multiplied by √d here.
     */
    private Value vectors(GraphBuilder g, Axis axis, int headDim) {
        Value table = g.parameter(axis.name(), Shape.of(axis.tableRows(), headDim));
        double[] selection = new double[axis.queries() * axis.keys() * axis.tableRows()];
        for (int query = 0; query < axis.queries(); query++) {
            for (int key = 0; key < axis.keys(); key++) {
                int row = query * axis.keys() + key;
                selection[row * axis.tableRows() + axis.index(query, key)] = Math.sqrt(headDim);
            }
        }
        Value transposed = g.permute(table, List.of(1, 0)); // [d, rows]: a linear layer's weight
        Shape pairs = Shape.of(axis.queries() * axis.keys(), axis.tableRows());
        Value choice = g.constant(axis.name() + ".pairs", HostTensor.of(pairs, selection));
        Value chosen = g.matmul(choice, axis.name() + ".vectors", transposed);
        Value byQuery = g.reshape(chosen, 1, axis.queries(), axis.keys(), headDim);
        return g.permute(byQuery, List.of(0, 1, 3, 2));
    }

    /** Returns 1 for the row, the column and the frame of each key, {@code [1, N, heads, positions]}; zeros for a class token. */
    private HostTensor keyTerms(TokenGrid keys, List<Axis> axes, int positions) {
        HostTensor terms = Zeros.of(1, keys.classTokens() + keys.positions(), plan.heads(), positions);
        for (int key = 0; key < keys.positions(); key++) {
            int[] at = {
                key / keys.width() % keys.height(), key % keys.width(), key / keys.width() / keys.height(),
            };
            for (int head = 0; head < plan.heads(); head++) {
                int first = ((keys.classTokens() + key) * plan.heads() + head) * positions;
                for (int axis = 0; axis < axes.size(); axis++) {
                    terms.floats().put(first + at[axis], 1);
                    first += axes.get(axis).keys();
                }
            }
        }
        return terms;
    }
}
