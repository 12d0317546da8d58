package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.SafetensorsFile;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are interrupted end with the bits of runs that are not. */
class SurvivalTest {
    @TempDir
    Path directory;

    @Test
    void aRunThatWasStoppedAndResumedEndsWithTheSameBits() {
        StopSignal stop = new StopSignal();
        stop.request(); // ends behind the first step
        assertThat(ForkedTraining.run(RunDirectory.open(directory.resolve("b")), stop)
                        .complete())
                .isFalse();
        ForkedTraining.run(RunDirectory.open(directory.resolve("b")), new StopSignal());
        ForkedTraining.run(RunDirectory.open(directory.resolve("a")), new StopSignal());

        assertSameWeights(directory.resolve("a"), directory.resolve("b"));
    }

    @Test
    void aKilledRunGoesOnToTheSameBits() throws Exception {
        killAndResume(1);
    }

    @Test
    @Tag("slow")
    void tenKillsAtRandomMomentsDoNotChangeTheResult() throws Exception {
        killAndResume(10);
    }

    private void killAndResume(int kills) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path killed = directory.resolve("killed");
        int survived = 0;
        for (int kill = 0; kill < kills; kill++) {
            Process process = fork(killed);
            if (process.waitFor(1500 + random.nextInt(1500), TimeUnit.MILLISECONDS)) {
                assertThat(process.exitValue()).isZero();
                survived++;
            } else {
                process.destroyForcibly().waitFor(); // SIGKILL: nothing of the process runs any more
            }
        }
        Process last = fork(killed);
        assertThat(last.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(last.exitValue())
                .as("kills %d, ended early %d, seed %d", kills, survived, seed)
                .isZero();
        ForkedTraining.run(RunDirectory.open(directory.resolve("whole")), new StopSignal());

        assertSameWeights(directory.resolve("whole"), killed);
        try (var files = Files.walk(killed)) {
            assertThat(files.filter(file -> file.getFileName().toString().endsWith(".tmp")))
                    .isEmpty();
        }
    }

    private static Process fork(Path directory) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ForkedTraining.class.getName(),
                directory.toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void assertSameWeights(Path expected, Path actual) {
        for (String folder : Arrays.asList("model")) {
            try (SafetensorsFile a =
                            SafetensorsFile.open(expected.resolve(folder).resolve("model.safetensors"));
                    SafetensorsFile b =
                            SafetensorsFile.open(actual.resolve(folder).resolve("model.safetensors"))) {
                assertThat(b.names()).isEqualTo(a.names()).isNotEmpty();
                for (String name : a.names()) {
                    assertThat(b.read(name).toFloats())
                            .as(name)
                            .isEqualTo(a.read(name).toFloats());
                }
            }
        }
    }

    @Test
    void resumingWithAnotherRecipeIsRefused() {
        RunDirectory run = RunDirectory.open(directory);
        StopSignal stop = new StopSignal();
        stop.request();
        ForkedTraining.run(run, stop);
        Recipe other = ForkedTraining.recipe().with("learning_rate", "0.5");
        ClassifyObjective objective = new ClassifyObjective(other, 2);
        try (TrainingRun resumed = new TrainingRun(
                other,
                TinyData.of(24),
                objective,
                Initialization.of(objective.config(), 0),
                run,
                Progress.SILENT,
                new StopSignal())) {
            assertThatThrownBy(resumed::resume)
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("learning_rate=8.0E-4")
                    .hasMessageContaining("0.5");
        }
    }

    @Test
    void aLossThatIsNotANumberEndsTheRunWithAClearLine() {
        Recipe wild = ForkedTraining.recipe()
                .with("optimizer", "sgd")
                .with("learning_rate", "1e30")
                .with("clip_norm", "0")
                .with("warmup_epochs", "0");
        ClassifyObjective objective = new ClassifyObjective(wild, 2);
        try (TrainingRun run = new TrainingRun(
                wild,
                TinyData.of(24),
                objective,
                Initialization.of(objective.config(), 0),
                RunDirectory.open(directory),
                Progress.SILENT,
                new StopSignal())) {
            assertThatThrownBy(run::run)
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("the loss is")
                    .hasMessageContaining("learning_rate");
        }
    }
}
