package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.graph.Op;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attention for GPUs, which libtorch computes on a CPU, too, with another kernel. */
class GpuAttentionTest {
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
            torch.manual_seed(samples + windows);
            Tensor qkv = torch.randn(samples, (long) windows * tokens, 3L * heads * headDim)
                    .to(ScalarType.Double);
            Tensor expected = WindowAttention.ofProducts(op, qkv).result();
            Tensor actual = GpuAttention.attend(op, qkv);
            assertThat(actual.sizes().vec().get())
                    .isEqualTo(expected.sizes().vec().get());
            assertThat(actual.sub(expected).norm().item_double())
                    .isLessThan(1e-12 * expected.norm().item_double());
        }
    }
}
