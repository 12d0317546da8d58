package io.github.hiera4j.model.baseline.pooling;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** Pools queries, keys or values on their grid, separately for each head and group. */
record TokenPooling(PoolingStyle style, TokenGrid grid, int heads) {
    private static final int KERNEL = 3;
    private static final List<Integer> PADDING = List.of(1, 1);

    /**
     * Pools {@code [B, N, C]} to {@code [B, N', C]}.
     *
     * @param letter {@code q}, {@code k} or {@code v}: parameters are {@code pool_q.weight} and {@code norm_q.*}
     */
    Value build(GraphBuilder g, Value tokens, String letter, List<Integer> stride) {
        if (!style.keepsStrideOne() && !PoolingBlockPlan.isStrided(stride)) {
            return tokens;
        }
        TokenGrid smaller = grid.pooled(stride);
        Value body = grid.body(g, tokens);
        if (!style.byConvolution()) {
            return smaller.tokens(g, maximum(g, body, stride), tokens);
        }
        int headDim = tokens.size(2) / heads;
        Value convolved = smaller.tokens(g, convolution(g, body, "pool_" + letter, headDim, stride), tokens);
        Value byHead = g.reshape(convolved, Shape.batched(convolved.size(1), heads, headDim));
        return g.reshape(g.layerNorm(byHead, "norm_" + letter, style.epsilon()), convolved.shape());
    }

    /** Pools by maximum. In videos a window extends one frame beyond its mask unit on both sides, into the padding. */
    private Value maximum(GraphBuilder g, Value body, List<Integer> stride) {
        boolean readsZeroFrames = style.zeroPadded() && style.depth() > 1;
        boolean zeroPadded = style.zeroPadded() && !readsZeroFrames;
        Value pooled = g.maxPool(body, new Op.MaxPool(List.of(KERNEL, KERNEL), stride, PADDING, zeroPadded));
        return readsZeroFrames ? g.elementwise(pooled, Function.RELU) : pooled;
    }

    private Value convolution(GraphBuilder g, Value body, String name, int headDim, List<Integer> stride) {
        if (style.depth() == 1) {
            Value weight = g.parameter(name + ".weight", Shape.of(headDim, 1, KERNEL, KERNEL));
            return slide(g, body, name, weight, stride, 1);
        }
        Value weight = g.parameter(name + ".weight", Shape.of(headDim, 1, KERNEL, KERNEL, KERNEL));
        if (!style.mixesFrames()) {
            return slide(g, body, name, frame(g, weight, 1), stride, KERNEL);
        }
        int frames = body.size(1);
        Value result = slide(g, body, name, frame(g, weight, 1), stride, 1);
        if (frames == 1) {
            return result;
        }
        Value earlier = slide(g, body, name, frame(g, weight, 0), stride, 1);
        Value later = slide(g, body, name, frame(g, weight, 2), stride, 1);
        Value nothing = g.constant(name + ".no_frame", Zeros.of(1, 1, result.size(2), result.size(3), result.size(4)));
        Value withEarlier = g.add(result, g.concat(1, nothing, g.slice(earlier, 1, 0, frames - 1)));
        return g.add(withEarlier, g.concat(1, g.slice(later, 1, 1, frames - 1), nothing));
    }

    /** Returns one frame {@code [d, 1, 3, 3]} of a kernel {@code [d, 1, 3, 3, 3]}. */
    private static Value frame(GraphBuilder g, Value weight, int frame) {
        int headDim = weight.size(0);
        Value frames = g.reshape(weight, headDim, KERNEL, KERNEL * KERNEL);
        return g.reshape(g.slice(frames, 1, frame, 1), headDim, 1, KERNEL, KERNEL);
    }

    /** Convolves with the kernels {@code [d, 1, 3, 3]}, which all heads share. */
    private Value slide(GraphBuilder g, Value body, String name, Value weight, List<Integer> stride, int depth) {
        int headDim = weight.size(0);
        Value row = g.reshape(weight, 1, headDim * KERNEL * KERNEL);
        Value[] copies = new Value[heads];
        Arrays.fill(copies, row);
        Value all = heads == 1 ? row : g.concat(1, copies);
        Value kernels = g.reshape(all, heads * headDim, 1, KERNEL, KERNEL);
        return g.depthwiseConvolution(body, name, kernels, new Op.DepthwiseConvolution(stride, PADDING, depth));
    }
}
