package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.parity.BaselineBatches;
import io.github.hiera4j.model.baseline.parity.BaselineCase;
import io.github.hiera4j.model.baseline.parity.BaselineGoldens;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.tensor.DType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Baselines and rungs on libtorch against the figures of their references. */
class TorchBaselineTest {
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.baseline.parity.BaselineGoldens#nano")
    void everyStatedTensorMatches(BaselineCase golden) {
        assertMatches(golden, DType.FLOAT32);
        assertMatches(golden, DType.BFLOAT16);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.baseline.parity.BaselineGoldens#published")
    void everyStatedTensorOfAPublishedModelMatches(BaselineCase golden) {
        assertMatches(golden, DType.FLOAT32);
        assertMatches(golden, DType.BFLOAT16);
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.baseline.parity.BaselineBatches#models")
    void batchesAndGridsOfAnySizeAreAsPlainJavaComputesThem(BaselineModel model) {
        BaselineBatches.assertEveryBatch(model, new TestedTorch());
    }

    @Test
    void theLadderBeginsAsMViTv2AndEndsAsHiera() {
        BaselineGoldens.assertEqualities(new TestedTorch(), CompileOptions.DEFAULT);
    }

    private static void assertMatches(BaselineCase golden, DType dtype) {
        ParityResult result = Parity.run(golden, new TestedTorch(), CompileOptions.DEFAULT.withDtype(dtype));
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s in %s", difference.name(), golden.name(), dtype)
                        .isLessThanOrEqualTo(result.tolerance()));
    }
}
