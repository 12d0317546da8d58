package io.github.hiera4j.model.baseline.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.parity.ParityResult;
import io.github.hiera4j.model.testing.TestFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The figures of baselines and rungs, on the test class path of every module that depends on this one's test jar. */
public final class BaselineGoldens {
    private BaselineGoldens() {}

    /** Returns the cases of one file. */
    public static List<BaselineCase> read(String file) {
        return BaselineFile.read(TestFiles.golden("ladder/" + file)).orElseThrow();
    }

    /** Returns small configurations that run in milliseconds: every rung, MViTv2 for images and videos, ViT and its autoencoder. */
    public static Stream<BaselineCase> nano() {
        return Stream.of(
                        "rung_0",
                        "rung_a",
                        "rung_b",
                        "rung_c",
                        "rung_d",
                        "rung_e",
                        "rung_f",
                        "mvitv2_nano",
                        "mvitv2_nano_video",
                        "swin_nano",
                        "convnextv2_nano",
                        "vit_nano",
                        "mae_vit_nano")
                .flatMap(file -> read(file).stream());
    }

    /** Returns models of published size. */
    public static Stream<BaselineCase> published() {
        return Stream.of("mvitv2_tiny", "mvitv2_base", "vit_base_patch16_224").flatMap(file -> read(file).stream());
    }

    /** Asserts that rung 0 equals MViTv2 and rung f equals Hiera in the backend's own arithmetic. */
    public static void assertEqualities(Backend backend, CompileOptions options) {
        Path file = TestFiles.resource("/goldens").resolve("ladder/equalities.json");
        List<ParityResult> results = EqualityFile.run(file, backend, options).orElseThrow();
        assertThat(results)
                .hasSize(11)
                .allSatisfy(result -> assertThat(result.ok())
                        .as("%s: %s", result.caseName(), result.worst())
                        .isTrue());
    }
}
