package io.github.hiera4j.cli.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.detect.action.quickstart.ActionsQuickstart;
import io.github.hiera4j.detect.testing.NanoDetectorFile;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.run.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model trained for one epoch on one rendered video, used as a user would. */
class ActionsCommandTest {
    @TempDir
    private static Path directory;

    private static ActionsQuickstart.Summary made;

    @BeforeAll
    static void train() {
        made = new ActionsQuickstart(directory.resolve("made"), 1, 1, "cpu", Progress.SILENT, new StopSignal()).run();
    }

    @Test
    void everyPersonIsNamedDrawnAndEvaluated() throws IOException {
        Path csv = directory.resolve("detections.csv");
        Path clips = directory.resolve("clips");

        CommandRun run = CommandRun.of(
                "actions",
                made.video(),
                "--weights",
                made.model(),
                "--boxes",
                made.boxes(),
                "--results",
                csv,
                "--draw",
                clips);

        assertThat(run.err()).contains("drawn: ");
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(1 + 3 * 2 * 3); // seconds, agents, actions printed
        assertThat(Files.readAllLines(csv)).hasSize(3 * 2 * 6);
        try (VideoReader clip = VideoReader.open(clips.resolve("val_0000_0002.mp4"))) {
            assertThat(clip.info().width()).isEqualTo(240);
            assertThat(clip.info().duration()).isBetween(1.9, 2.1);
        }
        Path data = made.boxes().resolveSibling("");
        CommandRun evaluated = CommandRun.of(
                "actions-evaluate", data.resolve("val.csv"), csv, "--labels", data.resolve("labels.pbtxt"), "--json");
        assertThat(evaluated.exitCode()).isZero();
        assertThat(evaluated.out()).contains("\"frameMap\":", "\"averagePrecision\":");
    }

    @Test
    void resultsAreJsonLinesOnRequest() {
        CommandRun run =
                CommandRun.of("actions", made.video(), "--weights", made.model(), "--boxes", made.boxes(), "--json");

        assertThat(run.lines()).hasSize(6).allMatch(line -> line.contains("\"actions\":[{\"id\":"));
    }

    @Test
    void aDetectorFindsThePersons() {
        Path detector = directory.resolve("detector");
        NanoDetectorFile.write(detector);

        CommandRun run = CommandRun.of(
                "actions",
                made.video(),
                "--weights",
                made.model(),
                "--detector",
                detector,
                "--person",
                NanoDetectorFile.CLASS,
                "--person-threshold",
                "0",
                "--json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines())
                .isNotEmpty()
                .anyMatch(line -> line.contains("\"second\":3,"))
                .allMatch(line -> line.contains("\"actions\":[{\"id\":"));
        CommandRun noClass = CommandRun.of(
                "actions", made.video(), "--weights", made.model(), "--detector", detector, "--person", "cow");
        assertThat(noClass.err()).contains("has no class 'cow'").hasLineCount(1);
        CommandRun both = CommandRun.of("actions", made.video(), "--weights", made.model());
        assertThat(both.err()).contains("either --boxes or --detector").hasLineCount(1);
    }

    @Test
    void modelsOfAnotherPurposeAreRefusedInOneLine() {
        Path detector = directory.resolve("another-detector");
        NanoDetectorFile.write(detector);

        CommandRun actionsAsClassifier = CommandRun.of("classify", made.video(), "--weights", made.model());
        assertThat(actionsAsClassifier.exitCode()).isEqualTo(1);
        assertThat(actionsAsClassifier.err())
                .contains("is an action model", "use hiera actions")
                .hasLineCount(1);
        CommandRun detectorAsClassifier = CommandRun.of("classify", made.video(), "--weights", detector);
        assertThat(detectorAsClassifier.exitCode()).isEqualTo(1);
        assertThat(detectorAsClassifier.err())
                .contains("is a detector", "use hiera detect")
                .hasLineCount(1);
        CommandRun actionsAsDetector = CommandRun.of("detect", made.video(), "--weights", made.model());
        assertThat(actionsAsDetector.exitCode()).isEqualTo(1);
        assertThat(actionsAsDetector.err()).contains("holds no detector").hasLineCount(1);
        CommandRun detectorAsActions =
                CommandRun.of("actions", made.video(), "--weights", detector, "--boxes", made.boxes());
        assertThat(detectorAsActions.exitCode()).isEqualTo(1);
        assertThat(detectorAsActions.err()).contains("action model").hasLineCount(1);
    }

    @Test
    void mistakesAreOneLine() throws IOException {
        Path others = Files.writeString(directory.resolve("others.csv"), "another,1,0,0,1,1\n");
        CommandRun noVideo = CommandRun.of("actions", made.video(), "--weights", made.model(), "--boxes", others);
        assertThat(noVideo.exitCode()).isEqualTo(1);
        assertThat(noVideo.err())
                .contains("has no line for the video 'val_0000'")
                .hasLineCount(1);

        Path late = Files.writeString(directory.resolve("late.csv"), "val_0000,902,0,0,1,1\n");
        CommandRun tooLate = CommandRun.of("actions", made.video(), "--weights", made.model(), "--boxes", late);
        assertThat(tooLate.err()).contains("the video lasts from 0 to 4.0").hasLineCount(1);

        CommandRun wrongData = CommandRun.of("actions-train", "--data", directory, "--out", directory.resolve("run"));
        assertThat(wrongData.exitCode()).isEqualTo(1);
        assertThat(wrongData.err()).contains("labels.pbtxt: no such file");

        CommandRun wrongTask = CommandRun.of("quickstart", "--task", "cook");
        assertThat(wrongTask.err()).contains("--task must be").hasLineCount(1);
    }
}
