package io.github.hiera4j.torch.attention;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.cuda.Cuda;
import io.github.hiera4j.torch.operator.BoxedOperator;
import io.github.hiera4j.torch.operator.SlicePooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.BoolType;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Op.Attention} and its gradient on a GPU with libtorch's fused kernels, which store no attention weights.
 *
 * <p>The kernels accept two axes of independent attention, but samples, windows and heads are three. The tokens of a window are therefore
 * copied together first; windows then count as samples.
 */
final class GpuAttention {
    private static final BoxedOperator ANY = new BoxedOperator("aten::scaled_dot_product_attention");
    private static final BoxedOperator FORWARD = new BoxedOperator("aten::_scaled_dot_product_efficient_attention");
    private static final BoxedOperator BACKWARD =
            new BoxedOperator("aten::_scaled_dot_product_efficient_attention_backward");
    private static final int AMPERE = 80; // the first compute capability with bfloat16
    private static final Map<Integer, Integer> CAPABILITIES = new ConcurrentHashMap<>();
    static final long MOST_SAMPLES = 65_535; // the limit of two axes of CUDA's grids
    private static final int TOKENS = 2; // the axis of tokens in [B·windows, heads, tokens, headDim]

    private final Op.Attention op;
    private final long batch;
    private final long windows;
    private final long keys; // of a window
    private final long queries; // of a window, after pooling
    private final long channels;
    private final long headDim;

    private GpuAttention(Op.Attention op, Tensor qkv) {
        this.op = op;
        batch = qkv.size(0);
        windows = op.windows();
        keys = qkv.size(1) / windows;
        queries = keys / op.queryPool();
        channels = qkv.size(2) / 3;
        headDim = channels / op.heads();
    }

    /** Returns whether the kernels without a gradient support a tensor. */
    static boolean supports(Op.Attention op, Tensor qkv) {
        return qkv.is_cuda() && qkv.is_contiguous() && qkv.size(0) * op.windows() <= MOST_SAMPLES;
    }

    /** Returns whether the kernels with a gradient support a tensor: they read 16 bytes of a head at a time. */
    static boolean supportsGradient(Op.Attention op, Tensor qkv) {
        long headBytes = qkv.size(2) / 3 / op.heads() * qkv.element_size();
        return supports(op, qkv)
                && headBytes % 16 == 0
                && switch (qkv.scalar_type().intern()) {
                    case Float -> true;
                    case BFloat16 -> hasBfloat16(qkv.device().index());
                    default -> false;
                };
    }

    private static boolean hasBfloat16(int device) {
        return Cuda.hasBindings() && CAPABILITIES.computeIfAbsent(device, Cuda::computeCapability) >= AMPERE;
    }

    /** {@code qkv [B, N, 3·C]} to {@code [B, N / queryPool, C]}, without a gradient; the caller's scope owns all tensors. */
    static Tensor attend(Op.Attention op, Tensor qkv) {
        GpuAttention shape = new GpuAttention(op, qkv);
        Tensor parts = shape.byWindow(qkv);
        Tensor q = shape.pooled(parts).orElseGet(() -> part(parts, 0));
        return shape.result(attend(q, part(parts, 1), part(parts, 2), new IValue()));
    }

    /**
     * Attends with the kernel that is fastest for the types and sizes; the caller's scope owns all tensors.
     *
     * @param q {@code [B, heads, Nq, e]}
     * @param k {@code [B, heads, Nk, e]}
     * @param v {@code [B, heads, Nk, d]}
     * @param scale the factor of the scores; none for {@code 1 / √e}
     * @return {@code [B, heads, Nq, d]}
     */
    static Tensor attend(Tensor q, Tensor k, Tensor v, IValue scale) {
        IValue none = new IValue();
        IValue no = new IValue(false);
        return ANY.tensors(
                        new IValue(q),
                        new IValue(k),
                        new IValue(v),
                        none,
                        new IValue(0.0),
                        no,
                        scale,
                        new IValue(false))
                .get(0);
    }

    /**
     * A pass.
     *
     * @param qkv the input
     * @param parts queries, keys and values, {@code [B·windows, keys, 3, heads, headDim]}; a view of the input if there is one window, which
     *     is not kept
     * @param pooled the queries that attended, if they were pooled
     * @param outputs the result by window, {@code [B·windows, heads, queries, headDim]}, and what else the gradient needs
     * @param result {@code [B, N / queryPool, C]}
     */
    private record Pass(
            GpuAttention shape, Tensor qkv, Tensor parts, Optional<Tensor> pooled, List<Tensor> outputs, Tensor result)
            implements AttentionPass {
        @Override
        public List<Tensor> kept() {
            List<Tensor> kept = new ArrayList<>(outputs);
            pooled.ifPresent(kept::add);
            if (!readsInput()) {
                kept.add(parts);
            }
            return kept;
        }

        @Override
        public boolean readsInput() {
            return shape.windows == 1;
        }

        @Override
        public Tensor gradient(Tensor ofResult) {
            return shape.gradient(this, ofResult);
        }
    }

    /** Runs the operation and keeps what its gradient needs; the caller's scope owns all tensors. */
    static AttentionPass forward(Op.Attention op, Tensor qkv) {
        GpuAttention shape = new GpuAttention(op, qkv);
        Tensor parts = shape.byWindow(qkv);
        Optional<Tensor> pooled = shape.pooled(parts);
        List<Tensor> outputs = FORWARD.tensors(
                new IValue(pooled.orElseGet(() -> part(parts, 0))),
                new IValue(part(parts, 1)),
                new IValue(part(parts, 2)),
                new IValue(), // no mask
                new IValue(true), // the logarithm of the sum of exponentials, for the gradient
                new IValue(0.0), // dropout
                new IValue(false), // causal
                new IValue()); // scaled by 1 / √headDim
        return new Pass(shape, qkv, parts, pooled, outputs, shape.result(outputs.get(0)));
    }

    private Tensor gradient(Pass pass, Tensor ofResult) {
        Tensor ofAttended = ofResult.reshape(batch, queries, windows, channels)
                .transpose(1, 2)
                .reshape(batch * windows, queries, op.heads(), headDim)
                .transpose(1, TOKENS);
        Tensor parts = pass.readsInput() ? byWindow(pass.qkv()) : pass.parts();
        Tensor q = part(parts, 0);
        List<Tensor> outputs = pass.outputs();
        List<Tensor> gradients = BACKWARD.tensors(
                new IValue(ofAttended),
                new IValue(pass.pooled().orElse(q)),
                new IValue(part(parts, 1)),
                new IValue(part(parts, 2)),
                new IValue(new Tensor()), // no mask
                new IValue(outputs.get(0)),
                new IValue(outputs.get(1)), // the logarithm of the sum of exponentials
                new IValue(outputs.get(2)), // the seed of dropout
                new IValue(outputs.get(3)), // and its offset
                new IValue(0.0), // dropout
                new IValue(wanted()),
                new IValue(false), // causal
                new IValue()); // scaled by 1 / √headDim
        Tensor ofParts = torch.empty_like(parts);
        Tensor ofQ = part(ofParts, 0);
        if (pass.pooled().isPresent()) {
            SlicePooling.gradient(byPool(ofQ), byPool(q), pass.pooled().get(), gradients.get(0), TOKENS);
        } else {
            ofQ.copy_(gradients.get(0));
        }
        part(ofParts, 1).copy_(gradients.get(1));
        part(ofParts, 2).copy_(gradients.get(2));
        return ofParts.view(batch, windows, keys, 3 * channels)
                .transpose(1, 2)
                .reshape(batch, keys * windows, 3 * channels);
    }

    /** The gradients of queries, keys and values, not that of a mask. */
    private static GenericList wanted() {
        GenericList wanted = new GenericList(new Type.TypePtr(BoolType.get().get()));
        for (int input = 0; input < 4; input++) {
            wanted.push_back(new IValue(input < 3));
        }
        return wanted;
    }

    /** Returns {@code [B·windows, keys, 3, heads, headDim]}. */
    private Tensor byWindow(Tensor qkv) {
        Tensor together = windows == 1
                ? qkv
                : qkv.view(batch, keys, windows, 3 * channels).transpose(1, 2).contiguous();
        return together.view(batch * windows, keys, 3, op.heads(), headDim);
    }

    /** Returns the queries (0), keys (1) or values (2), a view {@code [B·windows, heads, tokens, headDim]}. */
    private static Tensor part(Tensor parts, int role) {
        return parts.select(2, role).transpose(1, TOKENS);
    }

    private Optional<Tensor> pooled(Tensor parts) {
        return op.queryPool() == 1 ? Optional.empty() : Optional.of(SlicePooling.max(byPool(part(parts, 0)), TOKENS));
    }

    /** Divides the tokens into those that are pooled together: {@code [B·windows, heads, queryPool, queries, headDim]}. */
    private Tensor byPool(Tensor q) {
        return q.unflatten(TOKENS, new long[] {op.queryPool(), queries});
    }

    /** {@code [B·windows, heads, queries, headDim]} to {@code [B, N / queryPool, C]}. */
    private Tensor result(Tensor attended) {
        return attended.transpose(1, TOKENS)
                .reshape(batch, windows, queries, channels)
                .transpose(1, 2)
                .reshape(batch, queries * windows, channels);
    }
}
