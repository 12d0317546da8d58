package io.github.hiera4j.torch.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TestedTorch;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The attention for GPUs, which libtorch computes on a CPU, too, with another kernel. */
class GpuAttentionTest {
    private static Tensor random(Op.Attention op, int samples, int tokens, int headDim) {
        torch.manual_seed(samples + op.windows());
        return torch.randn(samples, (long) op.windows() * tokens, 3L * op.heads() * headDim);
    }

    @AttentionShapes
    void resultIsThatOfSeparateProducts(int samples, int windows, int tokens, int heads, int headDim, int queryPool) {
        Op.Attention op = new Op.Attention(heads, windows, queryPool);
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Tensor qkv = random(op, samples, tokens, headDim).to(ScalarType.Double);
            Tensor expected = WindowAttention.ofProducts(op, qkv).result();
            Tensor actual = GpuAttention.attend(op, qkv);
            assertThat(actual.sizes().vec().get())
                    .isEqualTo(expected.sizes().vec().get());
            assertThat(error(actual, expected)).isLessThan(1e-12);
        }
    }

    @AttentionShapes
    void resultAndGradientOnAGpuAreThoseOfSeparateProducts(
            int samples, int windows, int tokens, int heads, int headDim, int queryPool) {
        assumeTrue(TestedTorch.hasGpu(), "needs a GPU and -Pgpu");
        Op.Attention op = new Op.Attention(heads, windows, queryPool);
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Device gpu = NativeTensors.device("cuda");
            Tensor qkv = random(op, samples, tokens, headDim).to(gpu, ScalarType.Float);
            Tensor ofResult =
                    torch.randn_like(WindowAttention.ofProducts(op, qkv).result());
            for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Half, ScalarType.BFloat16}) {
                double bound = type == ScalarType.Float ? 5e-6 : type == ScalarType.Half ? 2e-3 : 1e-2;
                Tensor rounded = qkv.to(type);
                AttentionPass expected = WindowAttention.ofProducts(op, rounded.to(ScalarType.Float));
                assertThat(error(GpuAttention.attend(op, rounded), expected.result()))
                        .isLessThan(bound);
                if (GpuAttention.supportsGradient(op, rounded)) {
                    AttentionPass fused = GpuAttention.forward(op, rounded);
                    assertThat(error(fused.result(), expected.result())).isLessThan(bound);
                    assertThat(error(fused.gradient(ofResult.to(type)), expected.gradient(ofResult)))
                            .isLessThan(2 * bound);
                }
            }
        }
    }

    /** Returns the relative L2 error. */
    private static double error(Tensor actual, Tensor expected) {
        return actual.to(ScalarType.Double)
                        .sub(expected.to(ScalarType.Double))
                        .norm()
                        .item_double()
                / expected.norm().item_double();
    }
}
