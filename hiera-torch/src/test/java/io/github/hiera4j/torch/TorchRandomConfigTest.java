package io.github.hiera4j.torch;

import io.github.hiera4j.model.testing.BackendAgreement;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations in one, two and three axes that no published model has; a failure names its seed. */
class TorchRandomConfigTest {
    static LongStream seeds() {
        return LongStream.range(1, 1 + Long.getLong("hiera.random.configs", 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithPlainJavaOnAnyConfiguration(long seed) {
        BackendAgreement.check(new TestedTorch(), seed);
    }
}
