package io.github.hiera4j.model.baseline.pooling;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * The arrangement of tokens {@code [B, N, C]}: group by group, row by row; a class token comes first.
 *
 * @param groups mask units, or frames, or 1
 * @param size tokens of a group per axis, height and width
 * @param hasClassToken whether the first token is a class token, outside the grid
 */
public record TokenGrid(int groups, List<Integer> size, boolean hasClassToken) {
    /**
     * Checks the settings.
     *
     * @param groups mask units, or frames, or 1
     * @param size tokens of a group per axis
     * @param hasClassToken whether there is a class token
     */
    public TokenGrid {
        size = List.copyOf(size);
    }

    /** Returns the grid after pooling with these strides. */
    TokenGrid pooled(List<Integer> stride) {
        List<Integer> smaller = java.util.stream.IntStream.range(0, size.size())
                .mapToObj(axis -> (size.get(axis) + stride.get(axis) - 1) / stride.get(axis))
                .toList();
        return new TokenGrid(groups, smaller, hasClassToken);
    }

    /** {@return rows or columns of a group} */
    public int height() {
        return size.get(0);
    }

    /** {@return rows or columns of a group} */
    public int width() {
        return size.get(1);
    }

    /** {@return the number of tokens without the class token} */
    public int positions() {
        return groups * Axes.product(size);
    }

    /** {@return 1 if there is a class token, otherwise 0} */
    public int classTokens() {
        return hasClassToken ? 1 : 0;
    }

    /** Returns the tokens of the grid, {@code [B, groups, h, w, C]}. */
    Value body(GraphBuilder g, Value tokens) {
        Value body = g.slice(tokens, 1, classTokens(), positions());
        return g.reshape(body, Shape.batched(groups, height(), width(), tokens.size(2)));
    }

    /** Returns {@code [B, groups, h, w, C]} of this grid as tokens, after the class token of {@code from} if it has one. */
    Value tokens(GraphBuilder g, Value body, Value from) {
        Value tokens = g.reshape(body, Shape.batched(positions(), body.size(4)));
        return hasClassToken ? g.concat(1, g.slice(from, 1, 0, 1), tokens) : tokens;
    }
}
