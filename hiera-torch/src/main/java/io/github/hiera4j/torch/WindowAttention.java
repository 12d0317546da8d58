package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Op;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Op.Attention} as two batched matrix products around a softmax.
 *
 * <p>libtorch's fused attention is not used: it is fast only for long, aligned sequences, and mask units have 64 tokens or
 * fewer.
 */
final class WindowAttention {
    private static final Scalar ZERO = immortal(0);
    private static final java.util.Map<Integer, Scalar> SCALES = new java.util.concurrent.ConcurrentHashMap<>();

    private WindowAttention() {}

    /** {@code qkv [B, N, 3·C]} to {@code [B, N / queryPool, C]}. */
    static Tensor attend(Op.Attention op, Tensor qkv) {
        long batch = qkv.size(0);
        long keys = qkv.size(1) / op.windows(); // tokens of a window
        long queries = keys / op.queryPool();
        long channels = qkv.size(2) / 3;
        long headDim = channels / op.heads();
        long groups = batch * op.windows() * op.heads();

        Tensor parts = qkv.view(batch, keys, op.windows(), 3, op.heads(), headDim)
                .permute(3, 0, 2, 4, 1, 5)
                .contiguous(); // [3, B, windows, heads, keys, headDim]
        Tensor q = parts.select(0, 0).view(groups, keys, headDim);
        Tensor k = parts.select(0, 1).view(groups, keys, headDim);
        Tensor v = parts.select(0, 2).view(groups, keys, headDim);
        if (op.queryPool() > 1) {
            q = pool(q.view(groups, op.queryPool(), queries, headDim), op.queryPool());
        }
        Tensor scores = torch.baddbmm(
                torch.empty(new long[] {1, 1, 1}, q.options(), new org.bytedeco.pytorch.MemoryFormatOptional()),
                q,
                k.transpose(1, 2),
                ZERO,
                scale((int) headDim)); // q·kᵀ / √headDim
        Tensor attended = torch.bmm(scores.softmax(-1), v); // [groups, queries, headDim]
        return attended.view(batch, op.windows(), op.heads(), queries, headDim)
                .permute(0, 3, 1, 2, 4)
                .reshape(batch, queries * op.windows(), channels);
    }

    /** The maximum over the second axis. */
    private static Tensor pool(Tensor grouped, int groups) {
        Tensor result = grouped.select(1, 0);
        for (int group = 1; group < groups; group++) {
            result = torch.maximum(result, grouped.select(1, group));
        }
        return result;
    }

    private static Scalar scale(int headDim) {
        return SCALES.computeIfAbsent(headDim, dim -> immortal(1 / Math.sqrt(dim)));
    }

    /** A scalar that no scope frees: making one costs as much as a small operation. */
    private static Scalar immortal(double value) {
        Scalar scalar = new Scalar(value);
        scalar.retainReference();
        return scalar;
    }
}
