package io.github.hiera4j.torch.attention;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.operator.SlicePooling;
import io.github.hiera4j.torch.operator.SoftmaxGradient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * {@link Op.Attention} and its gradient: on a GPU ({@link GpuAttention}) and in float32 on a CPU ({@link FusedAttention}) with libtorch's
 * fused kernels, otherwise as two batched matrix products around a softmax. In bfloat16 on a CPU, the fused kernel is only fast for long, aligned sequences, and mask units have 64
 * tokens or fewer.
 */
public final class WindowAttention {
    private static final Scalar ZERO = immortal(0);
    private static final Map<Integer, Scalar> SCALES = new ConcurrentHashMap<>();

    private final Op.Attention op;
    private final long batch;
    private final long keys; // of a window
    private final long queries; // of a window, after pooling
    private final long headDim;
    private final long groups; // batch × windows × heads

    private WindowAttention(Op.Attention op, Tensor qkv) {
        this.op = op;
        batch = qkv.size(0);
        keys = qkv.size(1) / op.windows();
        queries = keys / op.queryPool();
        headDim = qkv.size(2) / 3 / op.heads();
        groups = batch * op.windows() * op.heads();
    }

    /**
     * {@return the result, {@code [B, N / queryPool, C]}, without what a gradient needs; the caller's scope owns all tensors}
     *
     * @param op the operation with its settings
     * @param qkv joined queries, keys and values, {@code [B, N, 3·C]}
     */
    public static Tensor attend(Op.Attention op, Tensor qkv) {
        return GpuAttention.supports(op, qkv)
                ? GpuAttention.attend(op, qkv)
                : forward(op, qkv).result();
    }

    /**
     * A pass of separate products.
     *
     * @param parts queries, keys and values, {@code [3, groups, keys, headDim]}
     * @param pooled the queries that attended, {@code [groups, queries, headDim]}
     * @param probabilities {@code [groups, queries, keys]}
     * @param result {@code [B, N / queryPool, C]}
     */
    private record Pass(WindowAttention shape, Tensor parts, Tensor pooled, Tensor probabilities, Tensor result)
            implements AttentionPass {
        @Override
        public List<Tensor> kept() {
            return List.of(parts, pooled, probabilities);
        }

        @Override
        public boolean readsInput() {
            return false;
        }

        @Override
        public Tensor gradient(Tensor ofResult) {
            return shape.gradient(this, ofResult);
        }
    }

    /**
     * Runs the operation and keeps the tensors that its gradient needs; the caller's scope owns all tensors.
     *
     * @param op the operation with its settings
     * @param qkv joined queries, keys and values, {@code [B, N, 3·C]}
     * @return the result and the tensors that the gradient needs
     */
    public static AttentionPass forward(Op.Attention op, Tensor qkv) {
        if (GpuAttention.supportsGradient(op, qkv)) {
            return GpuAttention.forward(op, qkv);
        }
        return FusedAttention.supports(qkv) ? FusedAttention.forward(op, qkv) : ofProducts(op, qkv);
    }

    /** Runs the operation as batched products. */
    static AttentionPass ofProducts(Op.Attention op, Tensor qkv) {
        return new WindowAttention(op, qkv).forward(qkv);
    }

    private AttentionPass forward(Tensor qkv) {
        Tensor parts = qkv.view(batch, keys, op.windows(), 3, op.heads(), headDim)
                .permute(3, 0, 2, 4, 1, 5)
                .contiguous()
                .view(3, groups, keys, headDim);
        Tensor q = parts.select(0, 0);
        if (op.queryPool() > 1) {
            q = SlicePooling.max(q.view(groups, op.queryPool(), queries, headDim), 1);
        }
        Tensor scores = scaledProduct(q, parts.select(0, 1).transpose(1, 2)); // q·kᵀ / √headDim
        Tensor probabilities = scores.softmax(-1);
        scores.close();
        Tensor attended = torch.bmm(probabilities, parts.select(0, 2)); // [groups, queries, headDim]
        Tensor result = attended.view(batch, op.windows(), op.heads(), queries, headDim)
                .permute(0, 3, 1, 2, 4)
                .reshape(batch, queries * op.windows(), op.heads() * headDim);
        return new Pass(this, parts, q, probabilities, result);
    }

    private Tensor gradient(Pass pass, Tensor ofResult) {
        Tensor ofAttended = ofResult.view(batch, queries, op.windows(), op.heads(), headDim)
                .permute(0, 2, 3, 1, 4)
                .contiguous()
                .view(groups, queries, headDim);
        Tensor ofParts = torch.empty_like(pass.parts());
        Tensor k = pass.parts().select(0, 1);
        Tensor v = pass.parts().select(0, 2);
        torch.bmm_out(ofParts.select(0, 2), pass.probabilities().transpose(1, 2), ofAttended);
        Tensor ofProbabilities = torch.bmm(ofAttended, v.transpose(1, 2));
        ofAttended.close();
        Tensor ofScores = SoftmaxGradient.of(ofProbabilities, pass.probabilities());
        ofProbabilities.close();
        scaledProduct(ofParts.select(0, 1), ofScores.transpose(1, 2), pass.pooled());
        if (op.queryPool() == 1) {
            scaledProduct(ofParts.select(0, 0), ofScores, k);
        } else {
            long[] grouped = {groups, op.queryPool(), queries, headDim};
            SlicePooling.gradient(
                    ofParts.select(0, 0).view(grouped),
                    pass.parts().select(0, 0).view(grouped),
                    pass.pooled(),
                    scaledProduct(ofScores, k),
                    1);
        }
        ofScores.close();
        Tensor ofQkv = ofParts.view(3, batch, op.windows(), op.heads(), keys, headDim)
                .permute(1, 4, 2, 0, 3, 5)
                .contiguous();
        ofParts.close();
        return ofQkv.view(batch, keys * op.windows(), 3L * op.heads() * headDim);
    }

    /** {@code left · right / √headDim}: the factor costs nothing inside the product. */
    private Tensor scaledProduct(Tensor left, Tensor right) {
        return torch.baddbmm(nothing(left), left, right, ZERO, scale());
    }

    private void scaledProduct(Tensor result, Tensor left, Tensor right) {
        torch.baddbmm_out(result, result, left, right, ZERO, scale());
    }

    /** The summand of a product with beta 0, which is not read. */
    private static Tensor nothing(Tensor like) {
        return torch.empty(new long[] {1, 1, 1}, like.options(), new MemoryFormatOptional());
    }

    private Scalar scale() {
        return SCALES.computeIfAbsent((int) headDim, dim -> immortal(1 / Math.sqrt(dim)));
    }

    /** A scalar that no scope frees, because creating one costs as much as a small operation. */
    private static Scalar immortal(double value) {
        Scalar scalar = new Scalar(value);
        scalar.retainReference();
        return scalar;
    }
}
