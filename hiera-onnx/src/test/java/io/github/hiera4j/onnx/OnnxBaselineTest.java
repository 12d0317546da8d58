package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.parity.BaselineBatches;
import io.github.hiera4j.model.baseline.parity.BaselineCase;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityResult;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported baselines and rungs, run by ONNX Runtime, against the figures of their references. */
class OnnxBaselineTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.baseline.parity.BaselineGoldens#nano")
    void everyStatedTensorMatchesInFloat32(BaselineCase golden) {
        ParityResult result = Parity.run(golden, new OnnxRuntimeBackend(directory), CompileOptions.DEFAULT);
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s", difference.name(), golden.name())
                        .isLessThanOrEqualTo(result.tolerance()));
    }

    @ParameterizedTest
    @MethodSource("io.github.hiera4j.model.baseline.parity.BaselineBatches#models")
    void batchesAndGridsOfAnySizeAreAsPlainJavaComputesThem(BaselineModel model) {
        BaselineBatches.assertEveryBatch(model, new OnnxRuntimeBackend(directory));
    }
}
