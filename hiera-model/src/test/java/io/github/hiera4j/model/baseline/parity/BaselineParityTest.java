package io.github.hiera4j.model.baseline.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Baselines and rungs in plain Java against the figures of their references. */
class BaselineParityTest {
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.baseline.parity.BaselineGoldens#nano")
    void everyStatedTensorMatchesInFloat64(BaselineCase golden) {
        ParityResult result =
                Parity.run(golden, new ReferenceBackend(), CompileOptions.DEFAULT.withDtype(DType.FLOAT64));
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s", difference.name(), golden.name())
                        .isLessThanOrEqualTo(result.tolerance()));
    }
}
