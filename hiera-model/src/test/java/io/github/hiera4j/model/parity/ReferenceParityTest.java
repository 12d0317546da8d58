package io.github.hiera4j.model.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The graph, run in double precision without native code, compared with figures measured in double precision. */
class ReferenceParityTest {
    private static final CompileOptions FLOAT64 = CompileOptions.DEFAULT.withDtype(DType.FLOAT64);

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#nano")
    void everyStatedTensorOfANanoModelMatchesToTwelveDigits(String name) {
        assertMatches(Goldens.read(name));
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#dense")
    void everyStatedTensorOfATrunkOrOfAnotherSizeMatchesToTwelveDigits(ParityCase golden) {
        assertMatches(golden);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#segmentation")
    void everyPromptMatchesToSevenDigitsBecauseFeaturesPassInFloat32(ParityCase golden) {
        assertMatches(golden, 2e-7);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#published")
    void everyStatedTensorOfAPublishedModelMatchesToTwelveDigits(String name) {
        assertMatches(Goldens.read(name));
    }

    private static void assertMatches(ParityCase golden) {
        assertMatches(golden, 1e-12);
    }

    private static void assertMatches(ParityCase golden, double tolerance) {
        ParityResult result = Parity.run(golden, new ReferenceBackend(), FLOAT64);
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s", difference.name(), golden.name())
                        .isLessThan(tolerance));
    }
}
