package io.github.hiera4j.torch.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The products of a linear layer against libtorch's in float64. */
class LinearProductsTest {
    private static final float UNTOUCHED = 12345;
    private static final int MARGIN = 64; // elements on each side of a result that must keep their values

    /** A layer with R rows, N inputs and M outputs. */
    record Layer(long rows, long inputs, long outputs) {}

    static Stream<Layer> layers() {
        List<Layer> layers = new ArrayList<>(List.of(
                new Layer(1, 1, 1),
                new Layer(1, 768, 1000),
                new Layer(2, 768, 7),
                new Layer(5, 3, 2),
                new Layer(8, 96, 288),
                new Layer(16, 17, 33),
                new Layer(49, 384, 1),
                new Layer(196, 1, 96),
                new Layer(1960, 96, 384),
                new Layer(784, 1536, 384)));
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            layers.add(new Layer(1 + random.nextInt(300), 1 + random.nextInt(200), 1 + random.nextInt(200)));
        }
        return layers.stream();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void theThreeProductsAreThoseOfFloat64(Layer layer) {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = torch.randn(layer.rows(), layer.inputs());
            Tensor weight = torch.randn(layer.outputs(), layer.inputs());
            Tensor bias = torch.randn(layer.outputs());
            Tensor ofResult = torch.randn(layer.rows(), layer.outputs());

            assertClose(
                    LinearProducts.forward(x, weight, bias),
                    torch.linear(exact(x), exact(weight), new TensorOptional(exact(bias))),
                    layer.inputs());
            assertClose(LinearProducts.forward(x, weight, null), torch.linear(exact(x), exact(weight)), layer.inputs());
            assertClose(
                    LinearProducts.inputGradient(ofResult, weight),
                    exact(ofResult).mm(exact(weight)),
                    layer.outputs());
            Tensor expected = exact(ofResult).t().mm(exact(x));
            assertClose(LinearProducts.gradients(ofResult, x, null, false).ofWeight(), expected, layer.rows());
            assertOnlyThePlaceIsWritten(layer, ofResult, x, expected);
        }
    }

    @ParameterizedTest
    @MethodSource("layers")
    void inBfloat16OnlyTheResultsAreRounded(Layer layer) {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = torch.randn(layer.rows(), layer.inputs()).to(ScalarType.BFloat16);
            Tensor weight = torch.randn(layer.outputs(), layer.inputs()).to(ScalarType.BFloat16);
            Tensor bias = torch.randn(layer.outputs()).to(ScalarType.BFloat16);
            Tensor ofResult = torch.randn(layer.rows(), layer.outputs()).to(ScalarType.BFloat16);

            assertRounded(
                    LinearProducts.forward(x, weight, bias),
                    torch.linear(exact(x), exact(weight), new TensorOptional(exact(bias))),
                    layer.inputs());
            assertRounded(
                    LinearProducts.forward(x, weight, null), torch.linear(exact(x), exact(weight)), layer.inputs());
            assertRounded(
                    LinearProducts.inputGradient(ofResult, weight),
                    exact(ofResult).mm(exact(weight)),
                    layer.outputs());
            Tensor expected = exact(ofResult).t().mm(exact(x));
            LinearProducts.Gradients gradients = LinearProducts.gradients(ofResult, x, null, true);
            assertRounded(gradients.ofWeight(), expected, layer.rows());
            assertRounded(
                    Objects.requireNonNull(gradients.ofBias()), exact(ofResult).sum(0), layer.rows());
            Tensor vector =
                    torch.zeros(new long[] {expected.numel() + 2 * MARGIN}, new TensorOptions(ScalarType.BFloat16));
            Tensor place = vector.narrow(0, MARGIN, expected.numel()).view(layer.outputs(), layer.inputs());
            LinearProducts.gradients(ofResult, x, place, false).ofWeight();
            assertRounded(place, expected, layer.rows());
            assertThat(vector.narrow(0, 0, MARGIN).abs().sum().item_float()).isZero();
            assertThat(vector.narrow(0, MARGIN + expected.numel(), MARGIN)
                            .abs()
                            .sum()
                            .item_float())
                    .isZero();
        }
    }

    /** A bfloat16 has 8 significant bits: rounding changes it by at most 1/256 of its value, and float32 sums change little more. */
    private static void assertRounded(Tensor actual, Tensor expected, long terms) {
        assertThat(actual.scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
        Tensor allowed = expected.abs().mul(new Scalar(1 / 250.0)).add(new Scalar(1e-5 * Math.sqrt((double) terms)));
        assertThat(exact(actual).sub(expected).abs().le(allowed).all().item_bool())
                .isTrue();
    }

    private static void assertOnlyThePlaceIsWritten(Layer layer, Tensor ofResult, Tensor x, Tensor expected) {
        long length = layer.outputs() * layer.inputs();
        Tensor vector = torch.full(
                new long[] {length + 2 * MARGIN}, new Scalar(UNTOUCHED), new TensorOptions(ScalarType.Float));
        Tensor place = vector.narrow(0, MARGIN, length).view(layer.outputs(), layer.inputs());
        LinearProducts.gradients(ofResult, x, place, false).ofWeight();
        assertClose(place, expected, layer.rows());
        for (long start : new long[] {0, MARGIN + length}) {
            Tensor margin = vector.narrow(0, start, MARGIN);
            assertThat(margin.eq(new Scalar(UNTOUCHED)).all().item_bool()).isTrue();
        }
    }

    @Test
    void rowsMayBeAViewWithGapsAndHaveAnyNumberOfAxes() {
        try (TensorScope scope = new TensorScope()) {
            Tensor wide = torch.randn(2, 3, 40);
            Tensor x = wide.narrow(2, 8, 24);
            Tensor turned = torch.randn(24, 6).t();
            Tensor weight = torch.randn(10, 24);
            Tensor ofResult = torch.randn(10, 6).t();

            Tensor result = LinearProducts.forward(x, weight, null);
            assertThat(result.sizes().vec().get()).containsExactly(2, 3, 10);
            assertClose(result, torch.linear(exact(x), exact(weight)), 24);
            assertClose(
                    LinearProducts.inputGradient(ofResult, weight),
                    exact(ofResult).mm(exact(weight)),
                    10);
            assertClose(
                    LinearProducts.gradients(ofResult, turned, null, false).ofWeight(),
                    exact(ofResult).t().mm(exact(turned)),
                    6);
        }
    }

    @Test
    void mixedTypesAndWeightsWithGapsAreLeftToLibtorch() {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = torch.randn(4, 8).to(ScalarType.BFloat16);
            Tensor wide = torch.randn(5, 16).to(ScalarType.BFloat16);
            Tensor weight = wide.narrow(1, 4, 8);
            assertRounded(LinearProducts.forward(x, weight, null), torch.linear(exact(x), exact(weight)), 8);
            assertThrows(RuntimeException.class, () -> LinearProducts.forward(x, torch.randn(5, 8), null));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Float", "BFloat16"})
    void otherSizesAndTypesAreRefusedBeforeMemoryIsRead(ScalarType type) {
        try (TensorScope scope = new TensorScope()) {
            Tensor weight = torch.randn(5, 8).to(type);
            Tensor shorter = torch.randn(4, 7).to(type);
            assertThrows(RuntimeException.class, () -> LinearProducts.forward(shorter, weight, null));
            assertThrows(RuntimeException.class, () -> LinearProducts.inputGradient(shorter, weight));
            Tensor x = torch.randn(4, 8).to(type);
            Tensor fewer = torch.randn(3, 5).to(type);
            assertThrows(RuntimeException.class, () -> LinearProducts.gradients(fewer, x, null, true));
            Tensor other = torch.randn(4, 5).to(type == ScalarType.Float ? ScalarType.BFloat16 : ScalarType.Float);
            assertThrows(RuntimeException.class, () -> LinearProducts.gradients(other, x, null, true));
        }
    }

    @Test
    void float64IsLeftToLibtorch() {
        try (TensorScope scope = new TensorScope()) {
            Tensor x = exact(torch.randn(4, 8));
            Tensor weight = exact(torch.randn(5, 8));
            Tensor ofResult = exact(torch.randn(4, 5));
            assertClose(LinearProducts.forward(x, weight, null), torch.linear(x, weight), 1);
            assertClose(LinearProducts.inputGradient(ofResult, weight), ofResult.mm(weight), 1);
            Tensor ofWeight;
            try (TensorScope inner = new TensorScope()) {
                ofWeight = scope.adopt(
                        LinearProducts.gradients(ofResult, x, null, false).ofWeight());
            }
            assertClose(ofWeight, ofResult.t().mm(x), 1); // still there after the inner scope has closed
        }
    }

    @Test
    void aBatchWithoutRowsHasAGradientOfZero() {
        try (TensorScope scope = new TensorScope()) {
            Tensor none = torch.randn(0, 8);
            Tensor ofWeight = LinearProducts.gradients(torch.randn(0, 5), none, null, false)
                    .ofWeight();
            assertThat(ofWeight.abs().sum().item_float()).isZero();
            assertThat(LinearProducts.forward(none, torch.randn(5, 8), null).size(0))
                    .isZero();
        }
    }

    @Test
    void onLinuxWithAnX86ProcessorOneDnnMultiplies() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "another operating system");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "another processor");
        assertThat(OneDnn.multipliesFloat32()).isTrue();
    }

    private static Tensor exact(Tensor x) {
        return x.to(ScalarType.Double);
    }

    /** Sums of products of normal numbers grow with the square root of the number of terms, and so do their rounding errors. */
    private static void assertClose(Tensor actual, Tensor expected, long terms) {
        Tensor error = exact(actual).sub(expected);
        double size = Math.sqrt((double) terms);
        assertThat(error.square().mean().sqrt().item_double()).isLessThan(1e-6 * size);
        assertThat(error.abs().max().item_double()).isLessThan(1e-5 * size);
    }
}
