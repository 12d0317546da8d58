package io.github.hiera4j.torch.attention;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.natives.OpenBlas;
import io.github.hiera4j.torch.operator.BoxedOperator;
import io.github.hiera4j.torch.operator.SlicePooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@link Op.Attention} with libtorch's fused kernel for CPUs, and its gradient. The kernel reads queries, keys and values where they
 * are, in any strides, and stores no attention weights.
 *
 * <p>The kernel computes many samples, windows and heads in parallel, each with small matrix products; OpenBLAS must not start threads
 * for them in addition. It accepts two axes of independent attention with a stride each: samples and heads if there is one window, otherwise
 * samples and windows, one head after the other.
 */
final class FusedAttention {
    private static final BoxedOperator FORWARD = new BoxedOperator("aten::_scaled_dot_product_flash_attention_for_cpu");
    private static final BoxedOperator BACKWARD =
            new BoxedOperator("aten::_scaled_dot_product_flash_attention_for_cpu_backward");
    private static final int TOKENS = 2; // the axis of tokens in [B, windows or heads, tokens, headDim]

    private final Op.Attention op;
    private final long batch;
    private final long keys; // of a window
    private final long queries; // of a window, after pooling
    private final long headDim;
    private final boolean hasWindows;

    private FusedAttention(Op.Attention op, Tensor qkv) {
        this.op = op;
        batch = qkv.size(0);
        keys = qkv.size(1) / op.windows();
        queries = keys / op.queryPool();
        headDim = qkv.size(2) / 3 / op.heads();
        hasWindows = op.windows() > 1;
    }

    /** Returns whether the kernel supports a tensor, and is faster than separate products. */
    static boolean supports(Tensor qkv) {
        return qkv.is_cpu() && qkv.scalar_type().intern() == ScalarType.Float && qkv.is_contiguous();
    }

    /**
     * What the gradient of one call of the kernel needs besides input and result.
     *
     * @param pooled the queries that attended, if they were pooled
     * @param logSumExp of the scores of every query
     */
    private record Part(Optional<Tensor> pooled, Tensor logSumExp) {}

    /**
     * A pass.
     *
     * @param qkv the input
     * @param parts one for each head if there are windows, otherwise one
     * @param attended another handle of the result, because the result may be released before its gradient arrives
     * @param result {@code [B, N / queryPool, C]}
     */
    private record Pass(FusedAttention shape, Tensor qkv, List<Part> parts, Tensor attended, Tensor result)
            implements AttentionPass {
        @Override
        public List<Tensor> kept() {
            List<Tensor> kept = new ArrayList<>(List.of(attended));
            for (Part part : parts) {
                part.pooled().ifPresent(kept::add);
                kept.add(part.logSumExp());
            }
            return kept;
        }

        @Override
        public boolean readsInput() {
            return true;
        }

        @Override
        public Tensor gradient(Tensor ofResult) {
            return shape.gradient(this, ofResult);
        }
    }

    /** Runs the operation; the caller's scope owns all tensors. */
    static AttentionPass forward(Op.Attention op, Tensor qkv) {
        return new FusedAttention(op, qkv).forward(qkv);
    }

    private AttentionPass forward(Tensor qkv) {
        List<Part> parts = new ArrayList<>();
        TensorVector results = new TensorVector();
        try (OpenBlas.SingleThread single = OpenBlas.singleThread()) {
            for (int part = 0; part < parts(); part++) {
                Tensor q = part(qkv, part, 0);
                Optional<Tensor> pooled =
                        op.queryPool() == 1 ? Optional.empty() : Optional.of(SlicePooling.max(byPool(q), TOKENS));
                List<Tensor> attended = FORWARD.tensors(
                        new IValue(pooled.orElse(q)),
                        new IValue(part(qkv, part, 1)),
                        new IValue(part(qkv, part, 2)),
                        new IValue(0.0), // dropout
                        new IValue(false), // causal
                        new IValue(), // no mask
                        new IValue()); // scaled by 1 / √headDim
                results.push_back(attended.get(0).transpose(1, TOKENS));
                parts.add(new Part(pooled, attended.get(1)));
            }
        }
        Tensor joined =
                parts() == 1 ? results.get(0) : torch.stack(results, 3); // [B, queries, windows, heads, headDim]
        Tensor result = joined.reshape(batch, queries * op.windows(), op.heads() * headDim);
        return new Pass(this, qkv, parts, new Tensor(result), result);
    }

    private int parts() {
        return hasWindows ? op.heads() : 1;
    }

    /** Returns the queries (0), keys (1) or values (2) of a part, a view {@code [B, windows or heads, tokens, headDim]}. */
    private Tensor part(Tensor qkv, int part, int role) {
        return hasWindows
                ? qkv.view(batch, keys, op.windows(), 3, op.heads(), headDim)
                        .select(4, part)
                        .select(3, role)
                        .transpose(1, TOKENS)
                : qkv.view(batch, keys, 3, op.heads(), headDim).select(2, role).transpose(1, TOKENS);
    }

    /** Divides the tokens into those that are pooled together: {@code [B, windows or heads, queryPool, queries, headDim]}. */
    private Tensor byPool(Tensor q) {
        return q.unflatten(TOKENS, new long[] {op.queryPool(), queries});
    }

    /** Returns a part of the result or of its gradient, a view {@code [B, windows or heads, queries, headDim]}. */
    private Tensor part(Tensor result, int part) {
        return hasWindows
                ? result.view(batch, queries, op.windows(), op.heads(), headDim)
                        .select(3, part)
                        .transpose(1, TOKENS)
                : result.view(batch, queries, op.heads(), headDim).transpose(1, TOKENS);
    }

    private Tensor gradient(Pass pass, Tensor ofResult) {
        Tensor qkv = pass.qkv();
        Tensor ofQkv = torch.empty_like(qkv);
        Tensor dense = ofResult.contiguous();
        try (OpenBlas.SingleThread single = OpenBlas.singleThread()) {
            for (int part = 0; part < parts(); part++) {
                Tensor q = part(qkv, part, 0);
                Optional<Tensor> pooled = pass.parts().get(part).pooled();
                List<Tensor> gradients = BACKWARD.tensors(
                        new IValue(part(dense, part)),
                        new IValue(pooled.orElse(q)),
                        new IValue(part(qkv, part, 1)),
                        new IValue(part(qkv, part, 2)),
                        new IValue(part(pass.attended(), part)),
                        new IValue(pass.parts().get(part).logSumExp()),
                        new IValue(0.0), // dropout
                        new IValue(false), // causal
                        new IValue(), // no mask
                        new IValue()); // scaled by 1 / √headDim
                Tensor ofPooled = gradients.get(0);
                Tensor ofQ = part(ofQkv, part, 0);
                if (pooled.isPresent()) {
                    SlicePooling.gradient(byPool(ofQ), byPool(q), pooled.get(), ofPooled, TOKENS);
                } else {
                    ofQ.copy_(ofPooled);
                }
                part(ofQkv, part, 1).copy_(gradients.get(1));
                part(ofQkv, part, 2).copy_(gradients.get(2));
            }
        }
        return ofQkv;
    }
}
