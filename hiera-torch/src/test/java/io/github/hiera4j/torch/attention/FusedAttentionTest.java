package io.github.hiera4j.torch.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.TensorScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** The fused kernel and separate products compute the same attention and the same gradient. */
class FusedAttentionTest {
    @AttentionShapes
    void resultAndGradientAreThoseOfSeparateProducts(
            int samples, int windows, int tokens, int heads, int headDim, int queryPool) {
        Op.Attention op = new Op.Attention(heads, windows, queryPool);
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            torch.manual_seed(samples + windows);
            Tensor qkv = torch.randn(samples, (long) windows * tokens, 3L * heads * headDim);
            assertThat(FusedAttention.supports(qkv)).isTrue();
            AttentionPass fused = FusedAttention.forward(op, qkv);
            AttentionPass products = WindowAttention.ofProducts(op, qkv);
            Tensor ofResult = torch.randn_like(products.result());

            assertThat(error(fused.result(), products.result())).isLessThan(2e-6);
            assertThat(error(fused.gradient(ofResult), products.gradient(ofResult)))
                    .isLessThan(5e-6);
        }
    }

    @Test
    void theGradientOfAResultInAnotherOrderIsTheSame() {
        Op.Attention op = new Op.Attention(2, 3, 1);
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Tensor qkv = torch.randn(2, 12, 48);
            AttentionPass pass = FusedAttention.forward(op, qkv);
            Tensor reordered = torch.randn(2, 16, 12).transpose(1, 2); // [B, N, C] with other strides
            assertThat(error(pass.gradient(reordered), pass.gradient(reordered.contiguous())))
                    .isZero();
        }
    }

    @Test
    void otherTypesAreComputedAsSeparateProducts() {
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Tensor qkv = torch.randn(1, 8, 24);
            assertThat(FusedAttention.supports(qkv.to(ScalarType.Double))).isFalse();
            assertThat(FusedAttention.supports(qkv.to(ScalarType.BFloat16))).isFalse();
            assertThat(FusedAttention.supports(qkv.transpose(1, 2))).isFalse();
        }
    }

    /** Returns the relative L2 error. */
    private static double error(Tensor actual, Tensor expected) {
        return actual.sub(expected).norm().item_double() / expected.norm().item_double();
    }
}
