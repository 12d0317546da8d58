package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityCase;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.tensor.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libtorch against the reference's figures, in every precision it offers. */
class TorchParityTest {

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#all")
    void everyStatedTensorMatchesInFloat32(String name) {
        assertMatches(name, DType.FLOAT32);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#nano")
    void everyStatedTensorMatchesInFloat64(String name) {
        assertMatches(name, DType.FLOAT64);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#nano")
    void everyStatedTensorMatchesInBfloat16(String name) {
        assertMatches(name, DType.BFLOAT16);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#published")
    void everyStatedTensorOfAPublishedModelMatchesInBfloat16(String name) {
        assertMatches(name, DType.BFLOAT16);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#nano")
    void everyStatedTensorMatchesInFloat16(String name) {
        assertMatches(name, DType.FLOAT16);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#denseMedium")
    void everyStatedTensorOfAPublishedTrunkOrOfAnotherSizeMatchesInFloat32(ParityCase golden) {
        assertMatches(golden, DType.FLOAT32);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#denseLarge")
    void everyStatedTensorOfALargeInputMatchesInFloat32(ParityCase golden) {
        assertMatches(golden, DType.FLOAT32);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#dense")
    void everyStatedTensorOfATrunkOrOfAnotherSizeMatches(ParityCase golden) {
        assertMatches(golden, DType.FLOAT32);
        assertMatches(golden, DType.BFLOAT16);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#segmentation")
    void everyPromptMatches(ParityCase golden) {
        assertMatches(golden, DType.FLOAT32);
        assertMatches(golden, DType.BFLOAT16);
    }

    private static void assertMatches(String name, DType dtype) {
        assertMatches(Goldens.read(name), dtype);
    }

    private static void assertMatches(ParityCase golden, DType dtype) {
        ParityResult result = Parity.run(golden, new TestedTorch(), CompileOptions.DEFAULT.withDtype(dtype));
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s in %s", difference.name(), golden.name(), dtype)
                        .isLessThanOrEqualTo(result.tolerance()));
    }
}
