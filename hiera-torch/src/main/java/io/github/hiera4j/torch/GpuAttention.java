package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Op;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;

/**
 * {@link Op.Attention} without gradient for GPUs, with libtorch's fused kernels, which store no attention weights.
 *
 * <p>The kernels accept two axes of independent attention, and windows and heads make three with the samples. The tokens of a window are
 * therefore copied together first; windows then count as samples.
 */
final class GpuAttention {
    private static final BoxedOperator OPERATOR = new BoxedOperator("aten::scaled_dot_product_attention");
    private static final int TOKENS = 2; // the axis of tokens in [B·windows, heads, tokens, headDim]

    private GpuAttention() {}

    /** {@code qkv [B, N, 3·C]} to {@code [B, N / queryPool, C]}; the caller's scope owns all tensors. */
    static Tensor attend(Op.Attention op, Tensor qkv) {
        long batch = qkv.size(0);
        long windows = op.windows();
        long keys = qkv.size(1) / windows;
        long queries = keys / op.queryPool();
        long channels = qkv.size(2) / 3;
        long headDim = channels / op.heads();
        Tensor byWindow = windows == 1
                ? qkv
                : qkv.view(batch, keys, windows, 3 * channels).transpose(1, 2).contiguous();
        Tensor parts = byWindow.view(batch * windows, keys, 3, op.heads(), headDim);
        Tensor q = parts.select(2, 0).transpose(1, TOKENS);
        if (op.queryPool() > 1) {
            q = SlicePooling.max(q.unflatten(TOKENS, new long[] {op.queryPool(), queries}), TOKENS);
        }
        Tensor attended = OPERATOR.tensors(
                        new IValue(q),
                        new IValue(parts.select(2, 1).transpose(1, TOKENS)),
                        new IValue(parts.select(2, 2).transpose(1, TOKENS)),
                        new IValue(), // no mask
                        new IValue(0.0), // dropout
                        new IValue(false), // causal
                        new IValue(), // scaled by 1 / √headDim
                        new IValue(false)) // as many keys as queries have heads
                .get(0)
                .transpose(1, TOKENS); // [B·windows, queries, heads, headDim]
        return attended.reshape(batch, windows, queries, channels)
                .transpose(1, 2)
                .reshape(batch, queries * windows, channels);
    }
}
