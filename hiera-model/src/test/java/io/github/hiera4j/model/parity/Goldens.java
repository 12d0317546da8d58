package io.github.hiera4j.model.parity;

import io.github.hiera4j.model.testing.TestFiles;
import java.util.stream.Stream;

/** The golden files, on the test class path of every module that depends on this one's test jar. */
public final class Goldens {
    private Goldens() {}

    public static GoldenCase read(String name) {
        return GoldenCase.read(TestFiles.golden(name));
    }

    /** Returns small configurations that run in milliseconds. */
    public static Stream<String> nano() {
        return Stream.of(
                "nano_image",
                "nano_image_64x96",
                "nano_image_b4",
                "nano_image_b8",
                "nano_image_b16",
                "nano_video",
                "nano_video_b4",
                "timm_nano_abswin",
                "mae_nano_image",
                "mae_nano_image_96",
                "mae_nano_image_b8",
                "mae_nano_video");
    }

    /** Returns small cases of trunks and other sizes, several in each file. */
    public static Stream<ParityCase> dense() {
        return cases(
                "hieradet_nano",
                "hieradet_nano_14_7",
                "resized_nano_bicubic",
                "resized_nano_bicubic_from_64x96",
                "resized_nano_antialias",
                "resized_nano_antialias_from_64x96",
                "resized_nano_video",
                "abswin_nano",
                "abswin_nano_expand");
    }

    /** Returns published models at other sizes and as trunks. */
    public static Stream<ParityCase> denseMedium() {
        return cases("hieradet_tiny_as_hiera_224", "resized_hiera_tiny_224_at_256x320");
    }

    /** Returns published models that need seconds and gigabytes. */
    public static Stream<ParityCase> denseLarge() {
        return cases("hiera_small_abswin_256", "sam2.1_hiera_tiny_1024");
    }

    private static Stream<ParityCase> cases(String... files) {
        return Stream.of(files).flatMap(name -> GoldenFile.read(TestFiles.golden(name)).stream());
    }

    /** Returns small cases of prompted segmentation: two graphs, of which one reads the outputs of the other. */
    public static Stream<ParityCase> segmentation() {
        return Stream.of("sam2_nano").flatMap(name -> GoldenFile.read(TestFiles.golden(name)).stream());
    }

    /** Returns published configurations. */
    public static Stream<String> published() {
        return Stream.of(
                "hiera_tiny_224", "hiera_base_224", "hiera_base_16x224", "mae_hiera_tiny_224", "mae_hiera_base_16x224");
    }

    public static Stream<String> all() {
        return Stream.concat(nano(), published());
    }
}
