package io.github.hiera4j.torch.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TensorScope;
import io.github.hiera4j.torch.TestDevice;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attention for GPUs, which libtorch computes on a CPU, too, with another kernel. */
class GpuAttentionTest {
    private static Tensor random(Op.Attention op, int samples, int tokens, int headDim) {
        torch.manual_seed(samples + op.windows());
        return torch.randn(samples, (long) op.windows() * tokens, 3L * op.heads() * headDim);
    }

    @ParameterizedTest(name = "{0} samples of {1} windows of {2} tokens, {3} heads of {4}, pooled by {5}")
    @CsvSource({
        "1, 1, 1, 1, 1, 1",
        "2, 1, 49, 8, 96, 1",
        "3, 1, 196, 4, 16, 4",
        "2, 49, 64, 1, 96, 1",
        "5, 9, 64, 2, 24, 4",
        "1, 7, 16, 3, 20, 1",
        "8, 2, 12, 4, 7, 2",
        "16, 5, 6, 2, 8, 3"
    })
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

    @ParameterizedTest(name = "{0} samples of {1} windows of {2} tokens, {3} heads of {4}, pooled by {5}")
    @CsvSource({
        "1, 1, 1, 1, 1, 1",
        "2, 1, 49, 8, 96, 1",
        "3, 1, 196, 4, 16, 4",
        "2, 49, 64, 1, 96, 1",
        "5, 9, 64, 2, 24, 4",
        "1, 7, 16, 3, 20, 1",
        "8, 2, 12, 4, 7, 2",
        "16, 5, 6, 2, 8, 3",
        "1, 1, 1568, 2, 12, 1",
        "2, 1, 1568, 4, 96, 1"
    })
    void resultAndGradientOnAGpuAreThoseOfSeparateProducts(
            int samples, int windows, int tokens, int heads, int headDim, int queryPool) {
        assumeTrue(TestDevice.hasGpu(), "needs a GPU and -Pgpu");
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
