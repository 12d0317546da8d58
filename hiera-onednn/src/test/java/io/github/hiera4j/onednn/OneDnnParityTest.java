package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityCase;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.tensor.DType;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiled plans against the figures of the reference implementation: whole graphs, autoencoders among them. */
class OneDnnParityTest {
    static Stream<String> quick() {
        return Stream.concat(Goldens.nano(), Stream.of("hiera_tiny_224", "mae_hiera_tiny_224"));
    }

    static Stream<String> large() {
        return Stream.of("hiera_base_224", "hiera_base_16x224", "mae_hiera_base_16x224");
    }

    @ParameterizedTest
    @MethodSource("quick")
    void everyStatedTensorMatchesInFloat32(String name) {
        assertFloat32(name);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#denseMedium")
    void everyStatedTensorOfAPublishedTrunkOrOfAnotherSizeMatchesInFloat32(ParityCase golden) {
        assertWithin(run(golden, DType.FLOAT32), 5e-6);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#denseLarge")
    void everyStatedTensorOfALargeInputMatchesInFloat32(ParityCase golden) {
        assertWithin(run(golden, DType.FLOAT32), 5e-6);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#dense")
    void everyStatedTensorOfATrunkOrOfAnotherSizeMatchesInFloat32(ParityCase golden) {
        assertWithin(run(golden, DType.FLOAT32), 5e-6);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#segmentation")
    void everyPromptMatchesInFloat32(ParityCase golden) {
        assertWithin(run(golden, DType.FLOAT32), 5e-6);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#segmentation")
    void promptsInBfloat16AreAsCloseAsATrunkInBfloat16(ParityCase golden) {
        assertBfloat16(golden, 0.03);
    }

    @ParameterizedTest
    @MethodSource("quick")
    void bfloat16IsAsCloseAsTheReferenceInBfloat16(String name) {
        assertBfloat16(name);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("large")
    void everyStatedTensorOfALargeModelMatchesInFloat32(String name) {
        assertFloat32(name);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("large")
    void bfloat16OfALargeModelIsAsCloseAsTheReferenceInBfloat16(String name) {
        assertBfloat16(name);
    }

    private static void assertFloat32(String name) {
        assertWithin(run(name, DType.FLOAT32), 5e-6);
    }

    /** If the processor has no bfloat16, the refusal must be correct. */
    private static void assertBfloat16(String name) {
        GoldenCase golden = Goldens.read(name);
        assertBfloat16(golden, golden.isNano() ? 0.025 : 0.015);
    }

    private static void assertBfloat16(ParityCase golden, double tolerance) {
        CompileOptions options = CompileOptions.DEFAULT.withDtype(DType.BFLOAT16);
        if (new OneDnnBackend().supports(options).usable()) {
            assertWithin(run(golden, DType.BFLOAT16), tolerance);
        } else {
            assertThatThrownBy(() -> new OneDnnBackend().compile(golden.graph(), golden.weights(), options))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("bfloat16")
                    .hasMessageContaining("backend 'torch'");
        }
    }

    private static ParityResult run(String name, DType dtype) {
        return run(Goldens.read(name), dtype);
    }

    private static ParityResult run(ParityCase golden, DType dtype) {
        return Parity.run(golden, new OneDnnBackend(), CompileOptions.DEFAULT.withDtype(dtype));
    }

    private static void assertWithin(ParityResult result, double tolerance) {
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s", difference.name(), result.caseName())
                        .isLessThanOrEqualTo(tolerance));
    }
}
