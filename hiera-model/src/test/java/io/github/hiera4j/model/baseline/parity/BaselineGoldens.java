package io.github.hiera4j.model.baseline.parity;

import io.github.hiera4j.model.testing.TestFiles;
import java.util.List;
import java.util.stream.Stream;

/** The figures of baselines and rungs, on the test class path of every module that depends on this one's test jar. */
public final class BaselineGoldens {
    private BaselineGoldens() {}

    /** The cases of one file. */
    public static List<BaselineCase> read(String file) {
        return BaselineFile.read(TestFiles.golden("ladder/" + file)).orElseThrow();
    }

    /** Small configurations that run in milliseconds: every rung, MViTv2 for images and videos, ViT and its autoencoder. */
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
                        "vit_nano",
                        "mae_vit_nano")
                .flatMap(file -> read(file).stream());
    }

    /** Models of published size. */
    public static Stream<BaselineCase> published() {
        return Stream.of("mvitv2_tiny", "mvitv2_base", "vit_base_patch16_224").flatMap(file -> read(file).stream());
    }
}
