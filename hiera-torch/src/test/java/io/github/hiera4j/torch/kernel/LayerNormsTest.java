package io.github.hiera4j.torch.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** LayerNorm and its gradients against libtorch's in float64. */
class LayerNormsTest {
    private static final double EPSILON = 1e-6;
    private static final LayerNorms.Wanted ALL = new LayerNorms.Wanted(true, true, true);

    record Norm(long samples, long tokens, long channels) {}

    static Stream<Norm> norms() {
        List<Norm> norms = new ArrayList<>(List.of(
                new Norm(1, 1, 8),
                new Norm(1, 49, 768),
                new Norm(2, 196, 384),
                new Norm(5, 37, 96),
                new Norm(8, 64, 192),
                new Norm(16, 16, 33)));
        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            norms.add(new Norm(1 + random.nextInt(16), 1 + random.nextInt(90), 2 + random.nextInt(200)));
        }
        return norms.stream();
    }

    @ParameterizedTest
    @MethodSource("norms")
    void inBfloat16AllResultsAreThoseOfFloat64Rounded(Norm norm) {
        verify(norm, ScalarType.BFloat16, 1 / 250.0, 2e-3);
    }

    @ParameterizedTest
    @MethodSource("norms")
    void inFloat32AllResultsAreThoseOfFloat64(Norm norm) {
        verify(norm, ScalarType.Float, 1e-5, 1e-5);
    }

    /** Gradients of parameters are sums over rows, whose rounding errors grow with the square root of their number. */
    private static void verify(Norm norm, ScalarType type, double relative, double absolute) {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = torch.randn(norm.samples(), norm.tokens(), norm.channels())
                    .add(new Scalar(0.5))
                    .to(type);
            Tensor weight = torch.randn(norm.channels()).to(type);
            Tensor bias = torch.randn(norm.channels()).to(type);
            Tensor ofResult =
                    torch.randn(norm.samples(), norm.tokens(), norm.channels()).to(type);
            LayerNorms.Pass pass = LayerNorms.forward(x, weight, bias, EPSILON);
            LayerNorms.Gradients gradients = LayerNorms.gradients(pass, ofResult, x, weight, bias, ALL);

            long[] channels = {norm.channels()};
            TensorOptional scale = new TensorOptional(exact(weight));
            TensorOptional shift = new TensorOptional(exact(bias));
            T_TensorTensorTensor_T expected = torch.native_layer_norm(exact(x), channels, scale, shift, EPSILON);
            T_TensorTensorTensor_T ofAll = torch.native_layer_norm_backward(
                    exact(ofResult),
                    exact(x),
                    channels,
                    expected.get1(),
                    expected.get2(),
                    scale,
                    shift,
                    new BoolPointer(3).put(0, true).put(1, true).put(2, true));
            double sum = absolute * Math.sqrt((double) norm.samples() * norm.tokens());
            assertThat(pass.result().scalar_type().intern()).isEqualTo(type);
            assertClose(pass.result(), expected.get0(), relative, absolute);
            assertClose(Objects.requireNonNull(gradients.ofX()), ofAll.get0(), relative, absolute);
            assertClose(Objects.requireNonNull(gradients.ofWeight()), ofAll.get1(), relative, sum);
            assertClose(Objects.requireNonNull(gradients.ofBias()), ofAll.get2(), relative, sum);
        }
    }

    private static void assertClose(Tensor actual, Tensor expected, double relative, double absolute) {
        Tensor allowed = expected.abs().mul(new Scalar(relative)).add(new Scalar(absolute));
        assertThat(exact(actual).sub(expected).abs().le(allowed).all().item_bool())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"Float", "BFloat16"})
    void gradientsThatAreNotWantedAreAbsent(ScalarType type) {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = torch.randn(4, 8).to(type);
            Tensor weight = torch.randn(8).to(type);
            Tensor bias = torch.randn(8).to(type);
            LayerNorms.Pass pass = LayerNorms.forward(x, weight, bias, EPSILON);
            LayerNorms.Gradients only = LayerNorms.gradients(
                    pass, torch.randn(4, 8).to(type), x, weight, bias, new LayerNorms.Wanted(true, false, false));
            assertThat(only.ofX()).isNotNull();
            assertThat(only.ofWeight()).isNull();
            assertThat(only.ofBias()).isNull();
        }
    }

    @Test
    void rowsOfAViewWithGapsAreNormalised() {
        try (TensorScope scope = new TensorScope()) {
            Tensor wide = torch.randn(6, 40).to(ScalarType.BFloat16);
            Tensor x = wide.narrow(1, 8, 16);
            Tensor weight = torch.ones(16).to(ScalarType.BFloat16);
            Tensor bias = torch.zeros(16).to(ScalarType.BFloat16);
            Tensor result = LayerNorms.forward(x, weight, bias, EPSILON).result();
            Tensor dense =
                    LayerNorms.forward(x.contiguous(), weight, bias, EPSILON).result();
            assertClose(result, exact(dense), 1 / 120.0, 2e-3); // both are rounded
        }
    }

    private static Tensor exact(Tensor x) {
        return x.to(ScalarType.Double);
    }
}
