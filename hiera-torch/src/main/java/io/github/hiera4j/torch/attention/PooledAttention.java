package io.github.hiera4j.torch.attention;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.operator.SoftmaxGradient;
import java.util.List;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** {@link Op.PooledAttention} as two batched matrix products around a softmax, and its gradient. */
public final class PooledAttention {
    private final Op.PooledAttention op;
    private final long batch;
    private final double scale;

    private PooledAttention(Op.PooledAttention op, Tensor q) {
        this.op = op;
        batch = q.size(0);
        scale = 1 / Math.sqrt((double) q.size(2) / op.heads() - op.positions());
    }

    /**
     * {@return the result, {@code [B, Nq, heads·d]}, without what a gradient needs; the caller's scope owns all tensors}
     *
     * @param op the operation
     * @param q queries
     * @param k keys
     * @param v values
     */
    public static Tensor attend(Op.PooledAttention op, Tensor q, Tensor k, Tensor v) {
        PooledAttention shape = new PooledAttention(op, q);
        if (!q.is_cuda() || shape.batch > GpuAttention.MOST_SAMPLES) {
            return shape.forward(q, k, v).result();
        }
        Tensor attended = GpuAttention.attend(shape.heads(q), shape.heads(k), shape.heads(v), new IValue(shape.scale));
        return attended.transpose(1, 2).reshape(q.size(0), q.size(1), v.size(2));
    }

    /**
     * The tensors of a pass that its gradient needs, by head.
     *
     * @param q {@code [B·heads, Nq, e]}
     * @param k {@code [B·heads, Nk, e]}
     * @param v {@code [B·heads, Nk, d]}
     * @param probabilities {@code [B·heads, Nq, Nk]}
     * @param result {@code [B, Nq, heads·d]}
     */
    public record Pass(PooledAttention shape, Tensor q, Tensor k, Tensor v, Tensor probabilities, Tensor result) {
        /** {@return all tensors of the pass} */
        public List<Tensor> tensors() {
            return List.of(q, k, v, probabilities, result);
        }

        /** {@return the tensors that only the gradient reads} */
        public List<Tensor> kept() {
            return List.of(q, k, v, probabilities);
        }

        /**
         * {@return the gradients of queries, keys and values from that of the result}
         *
         * @param ofResult the gradient of the result
         */
        public List<Tensor> gradients(Tensor ofResult) {
            return shape.gradients(this, ofResult);
        }
    }

    /**
     * {@return the result and the tensors that its gradient needs; the caller's scope owns all tensors}
     *
     * @param op the operation
     * @param q queries
     * @param k keys
     * @param v values
     */
    public static Pass forward(Op.PooledAttention op, Tensor q, Tensor k, Tensor v) {
        return new PooledAttention(op, q).forward(q, k, v);
    }

    private Pass forward(Tensor q, Tensor k, Tensor v) {
        Tensor queries = byHead(q);
        Tensor keys = byHead(k);
        Tensor values = byHead(v);
        Tensor scores = scaledProduct(queries, keys.transpose(1, 2));
        Tensor probabilities = scores.softmax(-1);
        scores.close();
        Tensor result = byToken(torch.bmm(probabilities, values));
        return new Pass(this, queries, keys, values, probabilities, result);
    }

    private List<Tensor> gradients(Pass pass, Tensor ofResult) {
        Tensor ofMixed = byHead(ofResult);
        Tensor ofV = torch.bmm(pass.probabilities().transpose(1, 2), ofMixed);
        Tensor ofProbabilities = torch.bmm(ofMixed, pass.v().transpose(1, 2));
        Tensor ofScores = SoftmaxGradient.of(ofProbabilities, pass.probabilities());
        Tensor ofK = scaledProduct(ofScores.transpose(1, 2), pass.q());
        Tensor ofQ = scaledProduct(ofScores, pass.k());
        return List.of(byToken(ofQ), byToken(ofK), byToken(ofV));
    }

    /** {@code left · right · scale}, scaled before rounding. */
    private Tensor scaledProduct(Tensor left, Tensor right) {
        Tensor nothing = torch.empty(new long[] {1, 1, 1}, left.options(), new MemoryFormatOptional());
        return torch.baddbmm(nothing, left, right, new Scalar(0), new Scalar(scale));
    }

    /** {@code [B, N, heads·c]} to {@code [B·heads, N, c]}, a copy. */
    private Tensor byHead(Tensor x) {
        return heads(x).contiguous().view(batch * op.heads(), x.size(1), x.size(2) / op.heads());
    }

    /** {@code [B, N, heads·c]} to {@code [B, heads, N, c]}. */
    private Tensor heads(Tensor x) {
        return x.reshape(batch, x.size(1), op.heads(), x.size(2) / op.heads()).permute(0, 2, 1, 3);
    }

    /** {@code [B·heads, N, c]} to {@code [B, N, heads·c]}. */
    private Tensor byToken(Tensor x) {
        return x.view(batch, op.heads(), x.size(1), x.size(2))
                .permute(0, 2, 1, 3)
                .reshape(batch, x.size(1), op.heads() * x.size(2));
    }
}
