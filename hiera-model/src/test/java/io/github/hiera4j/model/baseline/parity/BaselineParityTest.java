package io.github.hiera4j.model.baseline.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.reference.ReferenceBackend;
import io.github.hiera4j.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Baselines and rungs in plain Java, compared with the figures of their references. */
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

    @Test
    void theLadderBeginsAsMViTv2AndEndsAsHiera() {
        BaselineGoldens.assertEqualities(new ReferenceBackend(), CompileOptions.DEFAULT.withDtype(DType.FLOAT64));
    }

    @Test
    void aStatementThatCannotBeRunIsNamed(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("equalities.json");
        Files.writeString(file, "{\"rung b = Swin, image\": {\"logits\": 1e-15}}");
        assertThatThrownBy(() -> EqualityFile.run(file, new ReferenceBackend(), CompileOptions.DEFAULT))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("'rung b = Swin, image' is not a statement that can be checked");
        Files.writeString(file, "{\"rung f = timm Hiera, image\": {\"logits\": 1e-15}}");
        assertThatThrownBy(() -> EqualityFile.run(file, new ReferenceBackend(), CompileOptions.DEFAULT))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("rung_f.json");
    }
}
