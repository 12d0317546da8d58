package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.graph.Op;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel for GPUs computes what libtorch computes in float64. */
class GpuLayerNormTest {
    private static final double EPSILON = 1e-6;

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 96, 100, 112, 128, 132, 192, 384, 768, 1152, 2048, 4096})
    void rowsOfAnyLengthAreNormalised(int channels) {
        assumeTrue(TestedTorch.hasGpu(), "needs a GPU and -Pgpu");
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            Device gpu = NativeTensors.device("cuda");
            for (int rows : new int[] {1, 7, 8, 9, 1000}) {
                for (ScalarType type : new ScalarType[] {ScalarType.Float, ScalarType.Half, ScalarType.BFloat16}) {
                    double rounding = type == ScalarType.Float ? 3e-7 : type == ScalarType.Half ? 5e-4 : 4e-3;
                    Tensor x = torch.randn(rows, 1, channels)
                            .mul(new Scalar(3.0))
                            .add(new Scalar(1.5))
                            .to(gpu, type);
                    Tensor weight = torch.randn(channels).to(gpu, type);
                    Tensor bias = torch.randn(channels).to(gpu, type);
                    Tensor expected = Normalizations.layerNorm(
                            new Op.LayerNorm(EPSILON),
                            x.to(ScalarType.Double),
                            weight.to(ScalarType.Double),
                            bias.to(ScalarType.Double));
                    Tensor actual =
                            GpuLayerNorm.compute(x, weight, bias, EPSILON).orElseThrow();
                    assertThat(actual.scalar_type().intern()).isEqualTo(type);
                    double error =
                            actual.to(ScalarType.Double).sub(expected).norm().item_double();
                    assertThat(error)
                            .as("%d rows in %s", rows, type)
                            .isLessThan(rounding * expected.norm().item_double());
                }
            }
        }
    }

    @Test
    void otherTensorsAreLeftToLibtorch() {
        try (TensorScope scope = new TensorScope()) {
            Tensor row = torch.ones(8);
            assertThat(GpuLayerNorm.compute(torch.randn(2, 8), row, row, EPSILON))
                    .isEmpty();
            assumeTrue(TestedTorch.hasGpu(), "needs a GPU and -Pgpu");
            Device gpu = NativeTensors.device("cuda");
            Tensor onGpu = row.to(gpu, ScalarType.Float);
            Tensor x = torch.randn(2, 8).to(gpu, ScalarType.Float);
            assertThat(GpuLayerNorm.compute(x, onGpu, onGpu, EPSILON)).isPresent();
            assertThat(GpuLayerNorm.compute(x.t().contiguous().t(), onGpu, onGpu, EPSILON))
                    .isEmpty();
            assertThat(GpuLayerNorm.compute(x.to(ScalarType.Half), onGpu, onGpu, EPSILON))
                    .isEmpty();
            Tensor six = torch.ones(6).to(gpu, ScalarType.Float);
            assertThat(GpuLayerNorm.compute(torch.randn(2, 6).to(gpu, ScalarType.Float), six, six, EPSILON))
                    .isEmpty();
        }
    }
}
