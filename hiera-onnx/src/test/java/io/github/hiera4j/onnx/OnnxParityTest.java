package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.parity.Parity;
import io.github.hiera4j.model.parity.ParityCase;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.testing.BackendAgreement;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported files, run by ONNX Runtime, against the figures of the reference implementation. */
class OnnxParityTest {
    @TempDir
    Path directory;

    static Stream<ParityCase> small() {
        return Stream.of(Goldens.nano().map(Goldens::read), Goldens.dense(), Goldens.segmentation())
                .flatMap(cases -> cases);
    }

    static Stream<ParityCase> published() {
        return Stream.of(Goldens.published().map(Goldens::read), Goldens.denseMedium(), Goldens.denseLarge())
                .flatMap(cases -> cases);
    }

    static LongStream seeds() {
        return LongStream.of(1, 2, 3, 5, 6, 7, 8, 9);
    }

    @ParameterizedTest
    @MethodSource("small")
    void everyStatedTensorMatchesInFloat32(ParityCase golden) {
        assertWithin(run(golden, DType.FLOAT32, UnaryOperator.identity()), 5e-6);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("published")
    void everyStatedTensorOfAPublishedModelMatchesInFloat32(ParityCase golden) {
        assertWithin(run(golden, DType.FLOAT32, UnaryOperator.identity()), 5e-6);
    }

    static Stream<ParityCase> half() {
        return Stream.concat(
                Stream.of("nano_image", "nano_video", "mae_nano_image_b8", "timm_nano_abswin")
                        .map(Goldens::read),
                Goldens.dense().limit(4));
    }

    @ParameterizedTest
    @MethodSource("half")
    void float16IsAsCloseAsItsPrecisionAllows(ParityCase golden) {
        assertWithin(run(golden, DType.FLOAT16, UnaryOperator.identity()), 0.005);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void agreesWithPlainJavaOnAnyConfiguration(long seed) {
        BackendAgreement.check(new OnnxRuntimeBackend(directory), seed);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18, 19, 21, 22, 23})
    void everyOpsetGivesTheSame(int opset) {
        for (String name : new String[] {"nano_image", "mae_nano_video", "timm_nano_abswin"}) {
            assertWithin(
                    run(
                            Goldens.read(name),
                            DType.FLOAT32,
                            usual -> new OnnxOptions(usual.dtype(), usual.batch(), opset, usual.externalData())),
                    5e-6);
        }
    }

    private ParityResult run(ParityCase golden, DType dtype, UnaryOperator<OnnxOptions> options) {
        return Parity.run(golden, new OnnxRuntimeBackend(directory, options), CompileOptions.DEFAULT.withDtype(dtype));
    }

    private static void assertWithin(ParityResult result, double tolerance) {
        assertThat(result.differences())
                .isNotEmpty()
                .allSatisfy(difference -> assertThat(difference.relL2())
                        .as("%s of %s", difference.name(), result.caseName())
                        .isLessThanOrEqualTo(tolerance));
    }
}
