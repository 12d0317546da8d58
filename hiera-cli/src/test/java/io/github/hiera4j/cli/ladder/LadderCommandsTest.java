package io.github.hiera4j.cli.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.cli.CommandRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hiera ladder} and {@code hiera compare-models}, on small pictures and for a moment each. */
class LadderCommandsTest {
    private static List<JsonNode> objects(CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.lines().stream().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void aRungHasItsMeasurementAndThePapersFigure(@TempDir Path directory) {
        Path pictures = directory.resolve("pictures");
        List<JsonNode> rows = objects(CommandRun.of(
                "ladder",
                "--rung",
                "f,e",
                "--size",
                "64",
                "-b",
                1,
                "--seconds",
                0,
                "--threads",
                1,
                "--dtype",
                "float32",
                "--json",
                "-o",
                pictures));

        assertThat(rows).extracting(row -> row.get("rung").asString()).containsExactly("e", "f");
        JsonNode hiera = rows.get(1);
        assertThat(hiera.get("change").asString()).contains("Hiera");
        assertThat(hiera.get("paperSamplesPerSecond").asDouble()).isEqualTo(531.4);
        assertThat(hiera.get("paperTop1").asDouble()).isEqualTo(.856);
        assertThat(hiera.get("samplesPerSecond").asDouble()
                        * hiera.get("milliseconds").asDouble())
                .isCloseTo(1000, within(2.0));
        assertThat(hiera.has("trainingSamplesPerSecond")).isFalse();
        assertThat(pictures.resolve("ladder.svg")).content().contains("relative to rung e", "paper");
    }

    @Test
    void theTableFitsEightyColumnsAndNamesTheMachine() {
        CommandRun run = CommandRun.of(
                "ladder", "--rung", "f", "--size", "64", "-b", 1, "--seconds", 0, "--threads", 1, "--dtype", "float32");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("processors", "float32", "531.4", "85.6 %");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    @Tag("slow")
    void trainingStepsAreMeasuredOnDemand() {
        CommandRun run = CommandRun.of(
                "ladder",
                "--rung",
                "a",
                "--size",
                "64",
                "-b",
                1,
                "--seconds",
                0,
                "--threads",
                1,
                "--dtype",
                "float32",
                "--train-step");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("train", "MAE", "253.3");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void modelsAreComparedByThePapersAccuracyWhereThereIsOne(@TempDir Path directory) {
        List<JsonNode> rows = objects(CommandRun.of(
                "compare-models",
                "mvitv2_tiny,hiera_tiny_224",
                "-b",
                1,
                "--seconds",
                0,
                "--threads",
                1,
                "--dtype",
                "float32",
                "--json",
                "--out",
                directory));

        assertThat(rows.get(0).get("parameters").asLong()).isEqualTo(24_173_320);
        assertThat(rows.get(0).get("paperTop1").isEmpty()).isTrue();
        assertThat(rows.get(1).get("paperTop1").get("IN-1K").asDouble()).isEqualTo(.828);
        assertThat(rows.get(1).get("paperSamplesPerSecond").asDouble()).isEqualTo(2758);
        assertThat(directory.resolve("imagenet-1k-float32.svg"))
                .content()
                .contains("hiera_tiny_224")
                .doesNotContain("mvitv2_tiny");
    }

    @Test
    @Tag("slow") // the machine's peak is measured, too
    void otherModelsAreBenchmarkedToo() {
        List<JsonNode> rows = objects(CommandRun.of(
                "benchmark", "mvitv2_tiny", "-b", 1, "--seconds", 0, "--threads", 1, "--dtype", "float32", "--json"));
        assertThat(rows.get(0).get("gflops").asDouble()).isPositive();
    }

    @Test
    void aModelWithoutATrainingStepIsRefused() {
        CommandRun sam = CommandRun.of("benchmark", "sam2.1_hiera_tiny", "--train", "-b", 1);
        assertThat(sam.exitCode()).isEqualTo(2);
        assertThat(sam.err()).contains("no training step").hasLineCount(1);
    }
}
