package io.github.hiera4j.torch.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.torch.NativeTensors;
import io.github.hiera4j.torch.TensorScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gradient of a maximum reaches one of the slices, in every type and for the smallest differences. */
class SlicePoolingTest {
    @ParameterizedTest
    @EnumSource(names = {"Double", "Float", "BFloat16", "Half"})
    void theGradientGoesToTheLargestSliceOnly(ScalarType type) {
        try (TensorScope scope = new TensorScope();
                InferenceMode quiet = new InferenceMode()) {
            for (double unit : new double[] {1, 0x1p-14, 0x1p-24}) {
                // Each column has one largest element; the last one has two equal ones.
                Tensor x = torch.tensor(0, 2, 1, 3, 3, 1, 2, 0, 3, -1, 0, 3)
                        .view(3, 4)
                        .to(ScalarType.Double)
                        .mul(new Scalar(unit))
                        .to(type);
                Tensor ofX = torch.zeros_like(x);
                Tensor result = SlicePooling.max(x, 0);
                SlicePooling.gradient(ofX, x, result, torch.ones_like(result), 0);
                assertThat(NativeTensors.toHost(ofX.to(ScalarType.Float)).toFloats())
                        .containsExactly(0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0);
            }
        }
    }
}
