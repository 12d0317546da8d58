package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiled plans against the figures of the reference implementation. */
class OneDnnParityTest {
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#all")
    void everyStatedTensorMatchesInFloat32(String name) {
        assertWithin(run(name, DType.FLOAT32), 5e-6);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.parity.Goldens#all")
    void everyStatedTensorMatchesInBfloat16AsWellAsTheReferenceItself(String name) {
        GoldenCase golden = Goldens.read(name);
        assertWithin(run(name, DType.BFLOAT16), golden.isNano() ? 0.025 : 0.015);
    }

    private static ParityResult run(String name, DType dtype) {
        return Parity.run(Goldens.read(name), new OneDnnBackend(), CompileOptions.DEFAULT.withDtype(dtype));
    }

    private static void assertWithin(ParityResult result, double tolerance) {
        System.out.println(result.caseName() + " " + result.differences());
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s", difference.name(), result.caseName())
                        .isLessThanOrEqualTo(tolerance));
    }
}
