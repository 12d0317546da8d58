package io.github.hiera4j.cli.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hiera ladder} and {@code hiera compare-models}, on small images with short measurements. */
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
    @Tag("slow") // also measures the machine's peak
    void otherModelsAreBenchmarkedToo() {
        List<JsonNode> rows = objects(CommandRun.of(
                "benchmark", "mvitv2_tiny", "-b", 1, "--seconds", 0, "--threads", 1, "--dtype", "float32", "--json"));
        assertThat(rows.get(0).get("gflops").asDouble()).isPositive();
    }

    @Test
    void aModelWithoutATrainingStepIsRefused() {
        CommandRun sam = CommandRun.of("benchmark", "sam2.1_hiera_tiny", "--train", "-b", 1);
        assertThat(sam.exitCode()).isEqualTo(2);
        assertThat(sam.err()).contains("does not support training steps").hasLineCount(1);
    }

    private static CommandRun study(Path out, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("ladder"));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--model", "hiera_nano_64", "--samples", 50, "--seeds", 1, "--pretrain-epochs", 1));
        arguments.addAll(List.of("--epochs", 1, "--seconds", 0, "--threads", 1, "-b", 1, "-o", out));
        return CommandRun.of(arguments.toArray());
    }

    @Test
    void aStudyLeavesATableFiguresAndAPictureAndIsNotTrainedTwice(@TempDir Path directory) throws IOException {
        CommandRun first = study(directory, "--train", "--rung", "0,d");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).contains("pretrained", "scratch", "85.7 %", "kernel equals stride");
        assertThat(directory.resolve("accuracy.csv")).content().contains("d,\"kernel equals stride\",pretrained,0,");
        assertThat(directory.resolve("accuracy.svg")).content().contains("from scratch", "hiera_nano_64");
        JsonNode json = JsonMapper.shared().readTree(Files.readString(directory.resolve("accuracy.json")));
        assertThat(json.get("complete").asBoolean()).isTrue();
        assertThat(json.get("variants").get(0).has("pretrained")).isFalse(); // MViTv2 has no autoencoder
        assertThat(json.get("variants").get(1).get("pretrained").get("seeds").asInt())
                .isEqualTo(1);

        List<JsonNode> again = objects(study(directory, "--train", "--rung", "0,d", "--json"));
        assertThat(again).hasSize(2);
        assertThat(again.get(1).get("pretrained"))
                .isEqualTo(json.get("variants").get(1).get("pretrained"));

        Path model = directory.resolve("rungs/rung-d/seed-0/tuned/model");
        CommandRun named = CommandRun.of("classify", picture(directory), "--weights", model, "--threads", 1, "--json");
        assertThat(named.exitCode()).as(named.err()).isZero();
        CommandRun inspected = CommandRun.of("inspect", model);
        assertThat(inspected.out()).contains("rung d between MViTv2 and Hiera");
        CommandRun attention =
                CommandRun.of("attention", picture(directory), "--weights", model, "--out", directory.resolve("seen"));
        assertThat(attention.exitCode()).isEqualTo(1);
        assertThat(attention.err()).contains("needs a Hiera", "rung d");
    }

    private static Path picture(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("data-pictures-50/val"))) {
            return files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void optionsOfAStudyThatContradictEachOtherAreWrongCalls(@TempDir Path directory) {
        assertThat(CommandRun.of("ladder", "--seeds", 2).err()).contains("belong to --train or --ablations");
        assertThat(CommandRun.of("ladder", "--train").err()).contains("--out");
        assertThat(study(directory, "--train", "--ablations").err()).contains("choose one");
        assertThat(study(directory, "--train", "--width", "tiny").err()).contains("leave out --width");
        assertThat(study(directory, "--train", "--video").err()).contains("hiera_nano_64 takes images");
        assertThat(study(directory, "--ablations", "--rung", "c").err()).contains("leave out --rung");
        assertThat(CommandRun.of("ladder", "--train", "--samples", 3, "-o", directory)
                        .err())
                .contains("50 or more");
    }

    @Test
    @Tag("slow")
    void theAblationsAreTrained(@TempDir Path directory) {
        CommandRun run = study(directory, "--ablations");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("no multi-scale fusion", "histograms of gradients", "decoder of 4 blocks");
        assertThat(directory.resolve("ablations.csv")).content().contains("hog,");
    }
}
