package io.github.hiera4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandsTest {
    private static final Path DOG = Path.of("..", "..", "shared", "fixtures", "real", "dog.jpg");

    private static JsonNode json(String line) {
        return JsonMapper.shared().readTree(line);
    }

    @Test
    void helpNamesEveryCommand() {
        CommandRun run = CommandRun.of("--help");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("classify", "models", "summary", "inspect", "convert", "parity");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nonsense", "classify", "summary", "frobnicate"})
    void aWrongCallIsOneLineAndExitCodeTwo(String argument) {
        CommandRun run = CommandRun.of(argument);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("hiera: ")
                .contains("--help");
    }

    @Test
    void speedUnderLoadIsMeasuredWithSeveralCallers() {
        CommandRun run = CommandRun.of(
                "benchmark",
                "hiera_tiny_224",
                "--load=1",
                "--callers=2",
                "--batch=1",
                "--seconds=0.1",
                "--dtype=float32",
                "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode line = json(run.lines().get(0));
        assertThat(line.get("callers").asInt()).isEqualTo(2);
        assertThat(line.get("idleMilliseconds").asDouble()).isPositive();
        assertThat(line.get("loadedMilliseconds").asDouble()).isPositive();

        CommandRun idle = CommandRun.of("benchmark", "hiera_tiny_224", "--callers=2");
        assertThat(idle.exitCode()).isEqualTo(2);
        assertThat(idle.err()).contains("--callers needs --load");
    }

    @Test
    void trainingStepsAreMeasuredWithAProfile() {
        CommandRun run = CommandRun.of(
                "benchmark",
                "hiera_tiny_224",
                "--train",
                "--batch",
                "1",
                "--seconds",
                "0",
                "--dtype",
                "float32", // bfloat16 is emulated on some processors, and slow
                "--profile",
                "--json");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.lines()).hasSize(1);
        JsonNode line = json(run.lines().get(0));
        assertThat(line.get("dtype").asString()).isEqualTo("float32");
        assertThat(line.get("samplesPerSecond").asDouble())
                .isCloseTo(1e3 / line.get("milliseconds").asDouble(), withinPercentage(0.1));
        assertThat(line.get("profile").get("linear weight gradient").asDouble()).isPositive();
    }

    @Test
    void modelsAreListedAndFitEightyColumns() {
        CommandRun table = CommandRun.of("models");
        assertThat(table.out()).contains("hiera_base_224", "51,524,968", "mae_hiera_huge_16x224", "CC-BY-NC-4.0");
        assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        CommandRun lines = CommandRun.of("models", "--json");
        assertThat(lines.lines()).hasSize(12 + 10 + 4 + 13); // encoders, autoencoders, SAM 2.1, ViT and MViTv2
        JsonNode base = json(lines.lines().get(2));
        assertThat(base.get("name").asString()).isEqualTo("hiera_base_224");
        assertThat(base.get("parameters").asLong()).isEqualTo(51_524_968);
        assertThat(base.get("licence").asString()).isEqualTo("CC-BY-NC-4.0");
    }

    @Test
    void aSegmentationModelIsSummedUpAndInspected() {
        CommandRun summary = CommandRun.of("summary", "--model", "sam2.1_hiera_tiny");
        assertThat(summary.exitCode()).isZero();
        assertThat(summary.out()).contains("trunk.blocks.11", "142.8 G", "One prompt with one point");
        assertThat(summary.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        CommandRun inspect = CommandRun.of("inspect", TestFiles.checkpoint("sam2_nano_hf"), "--json");
        assertThat(json(inspect.out()).get("globalBlocks").get(0).asInt()).isEqualTo(2);
    }

    @Test
    void summaryFitsEightyColumnsAndEndsWithTheTotal() {
        CommandRun autoencoder = CommandRun.of("summary", "--model", "mae_hiera_huge_16x224");
        assertThat(autoencoder.lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        CommandRun run = CommandRun.of("summary", "--model", "hiera_huge_16x224");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("blocks.47", "671,627,664");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void aModelForComparisonIsListedAndSummedUp() {
        CommandRun summary = CommandRun.of("summary", "--model", "mvitv2_tiny");
        assertThat(summary.exitCode()).isZero();
        assertThat(summary.out()).contains("blocks.9", "24,173,320");
        assertThat(CommandRun.of("models", "vit_base_patch16_224").out()).contains("86,567,656", "17.6");
    }

    @Test
    void theGraphOfACheckpointIsPrintedNodeByNode() {
        CommandRun run = CommandRun.of("summary", "--graph", "--weights", TestFiles.checkpoint("hf_nano"));
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("blocks.4.attn.attention", "Linear+GELU");
    }

    @Test
    void anUnknownModelIsAnErrorThatListsTheKnownOnes() {
        CommandRun run = CommandRun.of("summary", "--model", "hiera_gigantic");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("hiera_gigantic", "hiera_base_224").hasLineCount(1);
    }

    @Test
    void inspectTellsFormatKeysTypesAndModel() {
        JsonNode report = json(CommandRun.of("inspect", "--json", TestFiles.checkpoint("nano_official_bf16.pth"))
                .lines()
                .get(0));
        assertThat(report.get("keyStyle").asString()).isEqualTo("official");
        assertThat(report.get("dtypes").get("bfloat16").asInt()).isEqualTo(73);
        assertThat(report.get("config").get("embed_dim").asInt()).isEqualTo(8);
        assertThat(report.get("inferred").size()).isPositive();
        assertThat(report.get("tensors").size()).isEqualTo(73);
    }

    @Test
    void parityPrintsALineACaseAndFailsOnAWrongFigure(@TempDir Path directory) throws IOException {
        Path good = TestFiles.golden("nano_image");
        Path bad = directory.resolve("bad.json");
        Files.writeString(bad, Files.readString(good).replaceFirst("-0.41366154", "-0.41466154"));
        CommandRun passed = CommandRun.of("parity", "--backend", "torch", good, TestFiles.golden("mae_nano_video"));
        assertThat(passed.exitCode()).isZero();
        assertThat(passed.lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains(" ok "));
        CommandRun failed = CommandRun.of("parity", "--backend", "torch", "--json", bad);
        assertThat(failed.exitCode()).isEqualTo(1);
        JsonNode row = json(failed.lines().get(0));
        assertThat(row.get("case").asString()).isEqualTo("nano_image");
        assertThat(row.get("ok").asBoolean()).isFalse();
        assertThat(row.get("worst").asString()).isEqualTo("logits");
        assertThat(row.get("maxAbs").asDouble()).isGreaterThan(9e-4);
    }

    @Test
    void parityRunsEverySizeOfAFileOnALineOfItsOwn() {
        for (String engine : new String[] {"torch", "onednn", "reference"}) {
            CommandRun run = CommandRun.of(
                    "parity",
                    "--backend",
                    engine,
                    TestFiles.golden("resized_nano_video"),
                    TestFiles.golden("abswin_nano"),
                    TestFiles.golden("hieradet_nano"));
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.lines())
                    .hasSize(4 + 4 + 3)
                    .allSatisfy(line -> assertThat(line).contains(" ok "));
            assertThat(run.lines().get(10)).startsWith("hieradet_nano@93x125");
        }
    }

    @Test
    void convertedCheckpointsComputeTheSame(@TempDir Path directory) {
        Path original = TestFiles.checkpoint("nano_official.pth");
        Path transformers = directory.resolve("hf");
        Path timm = directory.resolve("timm"); // a directory
        Path back = directory.resolve("back.pth");
        assertThat(CommandRun.of("convert", original, transformers, "--keys", "transformers")
                        .exitCode())
                .isZero();
        assertThat(CommandRun.of("convert", transformers, timm, "--keys", "timm")
                        .exitCode())
                .isZero();
        assertThat(CommandRun.of("convert", timm, back).exitCode()).isZero();
        assumeTrue(Files.exists(DOG), "needs the photograph " + DOG);
        String expected = CommandRun.of("classify", DOG, "--weights", original).out();
        assertThat(expected.lines()).hasSize(5);
        assertThat(CommandRun.of("classify", DOG, "--weights", transformers).out())
                .isEqualTo(expected);
        assertThat(CommandRun.of("classify", DOG, "--weights", back).out()).isEqualTo(expected);
    }

    @Test
    void aBrokenImageIsOneLineAndTheOthersAreClassified(@TempDir Path directory) throws IOException {
        assumeTrue(Files.exists(DOG), "needs the photograph " + DOG);
        Path broken = Files.writeString(directory.resolve("broken.jpg"), "no picture");
        CommandRun run = CommandRun.of(
                "classify", broken, DOG, "--json", "--weights", TestFiles.checkpoint("nano_official.pth"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("broken.jpg").hasLineCount(1);
        assertThat(run.lines()).hasSize(1);
        JsonNode row = json(run.lines().get(0));
        assertThat(row.get("file").asString()).endsWith("dog.jpg");
        assertThat(row.get("predictions").size()).isEqualTo(5);
        assertThat(row.get("predictions").get(0).get("label").asString()).isEqualTo("class 0");
        assertThat(row.get("milliseconds").asDouble()).isPositive();
    }

    static Stream<Path> hostileCheckpoints() throws IOException {
        try (Stream<Path> files = Files.list(TestFiles.checkpoint("hostile"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("hostileCheckpoints")
    void everyHostileCheckpointIsOneLineAndLeavesNothingBehind(Path hostile, @TempDir Path directory)
            throws IOException {
        CommandRun run = CommandRun.of("convert", hostile, directory.resolve("out.safetensors"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("hiera: ")
                .contains(hostile.getFileName().toString())
                .hasLineCount(1);
        assertThat(run.err()).doesNotContain("internal error");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void debugShowsTheStackTrace() {
        CommandRun run = CommandRun.of("--debug", "inspect", TestFiles.checkpoint("hostile/empty.pth"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("\tat io.github.hiera4j");
    }
}
