package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OutOfMemory;
import io.github.hiera4j.model.testing.JvmProcess;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are interrupted end with the same bits as uninterrupted ones. */
class SurvivalTest {
    @TempDir
    Path directory;

    /** An uninterrupted run, for comparison. */
    @TempDir
    static Path undisturbed;

    @BeforeAll
    static void runUndisturbed() {
        ForkedTraining.run(RunDirectory.open(undisturbed), new StopSignal());
    }

    @Test
    void aRunThatWasStoppedAndResumedEndsWithTheSameBits() {
        StopSignal stop = new StopSignal();
        stop.request(); // ends before the first step
        assertThat(ForkedTraining.run(RunDirectory.open(directory.resolve("b")), stop)
                        .complete())
                .isFalse();
        ForkedTraining.run(RunDirectory.open(directory.resolve("b")), new StopSignal());

        assertSameWeights(undisturbed, directory.resolve("b"));
    }

    @Test
    void aKilledRunGoesOnToTheSameBits() throws Exception {
        killAndResume(undisturbed, ForkedTraining.EPOCHS, 1);
    }

    @Test
    @Tag("slow")
    void tenKillsAtRandomMomentsDoNotChangeTheResult() throws Exception {
        Path whole = directory.resolve("whole");
        ForkedTraining.run(RunDirectory.open(whole), 60);
        killAndResume(whole, 60, 10);
    }

    private void killAndResume(Path whole, int epochs, int kills) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path killed = directory.resolve("killed");
        for (int kill = 0; kill < kills; kill++) {
            Process process = fork(killed, epochs);
            awaitProgress(killed, process);
            Thread.sleep(random.nextInt(80));
            assertThatThrownBy(() -> RunDirectory.open(killed).lock())
                    .hasMessageContaining("another training is using this directory");
            assertThat(process.isAlive())
                    .as("kill %d comes in time, seed %d", kill, seed)
                    .isTrue();
            process.destroyForcibly().waitFor(); // SIGKILL: the process runs no code after it
        }
        ForkedTraining.run(RunDirectory.open(killed), epochs);

        assertSameWeights(whole, killed);
        try (var files = Files.walk(killed)) {
            assertThat(files.filter(file -> file.getFileName().toString().endsWith(".tmp")))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    /** Waits for a new checkpoint: a kill before it would only test that a start can be repeated. */
    private static void awaitProgress(Path run, Process process) throws InterruptedException {
        RunDirectory directory = RunDirectory.open(run);
        Optional<Path> before = directory.newest();
        while (process.isAlive() && (directory.newest().equals(before) || isStart(directory))) {
            Thread.sleep(5);
        }
    }

    /** Returns whether the newest checkpoint is the one before the first step. */
    private static boolean isStart(RunDirectory directory) {
        return directory.newest().isEmpty()
                || directory.newest().get().getFileName().toString().startsWith("step-000000000.");
    }

    private static Process fork(Path directory, int epochs) throws IOException {
        List<String> command = JvmProcess.java();
        command.addAll(List.of(
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ForkedTraining.class.getName(),
                directory.toString(),
                String.valueOf(epochs)));
        ProcessBuilder builder = new ProcessBuilder(command);
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
        ClassifyObjective objective =
                new ClassifyObjective(other.model(), other.augmentation().mixing(), 2);
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
                    .hasMessageContaining("learning_rate="
                            + ForkedTraining.recipe().optimisation().learningRate())
                    .hasMessageContaining("0.5");
        }
    }

    @Test
    void aLossThatIsNotANumberEndsTheRunWithAClearLine() {
        Recipe wild = ForkedTraining.recipe()
                .with("optimizer", "sgd")
                .with("learning_rate", "1e6")
                .with("clip_norm", "0")
                .with("warmup_epochs", "0");
        ClassifyObjective objective =
                new ClassifyObjective(wild.model(), wild.augmentation().mixing(), 2);
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
                    .hasMessageMatching(
                            "step \\d+: (the loss|the norm of the gradient) is (NaN|Infinity|-Infinity); this step is"
                                    + " not saved, the newest checkpoint is .*step-\\d{9}.safetensors. Train with a lower"
                                    + " learning_rate, .*");
        }
    }

    @Test
    void runningOutOfMemorySaysWhatToLowerAndTheRunGoesOnFromItsCheckpoint() {
        RunDirectory run = RunDirectory.open(directory);
        Dataset whole = TinyData.of(24, 5);
        Dataset greedy = new Dataset(
                whole.name(),
                whole.classNames(),
                new GreedySource(whole.train(), new AtomicInteger(22)),
                whole.validation());

        assertThatThrownBy(() -> ForkedTraining.run(ForkedTraining.recipe(), run, new StopSignal(), greedy))
                .isInstanceOf(HieraException.class)
                .hasMessageContainingAll(
                        "out of memory",
                        "gradient_checkpointing=true",
                        "batch_size below 2",
                        "rerun with --resume to continue")
                .hasMessageContaining(run.newest().orElseThrow().toString());
        ForkedTraining.run(run, new StopSignal());
        assertSameWeights(undisturbed, directory);
    }

    @Test
    void libtorchRunningOutOfMemoryIsUnderstood() {
        long[] petabyte = {1L << 48};
        assertThatThrownBy(() -> torch.empty(petabyte).close())
                .isInstanceOf(RuntimeException.class)
                .satisfies(failure -> assertThat(OutOfMemory.isCauseOf(failure))
                        .as(failure.toString())
                        .isTrue());
        assertThat(OutOfMemory.isCauseOf(new IllegalStateException("a wrong shape")))
                .isFalse();
    }

    @Test
    void aFullDiskLeavesTheLastCheckpointIntact() throws Exception {
        long bytes = Files.size(RunDirectory.open(undisturbed).newest().orElseThrow()) * 3 / 2; // room for one
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString())
                .redirectErrorStream(true)
                .start();
        assumeTrue(mount.waitFor() == 0, "needs the right to mount a small file system");
        try {
            RunDirectory run = RunDirectory.open(directory);
            assertThatThrownBy(() -> ForkedTraining.run(run, new StopSignal()))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContainingAll(
                            "cannot be written: No space left on device", "rerun with --resume to continue")
                    .hasMessageContaining(run.newest().orElseThrow().toString());
            try (SafetensorsFile checkpoint = SafetensorsFile.open(run.newest().orElseThrow())) {
                assertThat(checkpoint.names()).isNotEmpty();
            }
        } finally {
            new ProcessBuilder("umount", directory.toString()).start().waitFor();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefusedInOneLine() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "in the way");
        assertThatThrownBy(() -> RunDirectory.open(file.resolve("run")))
                .isInstanceOf(HieraException.class)
                .hasMessageContainingAll("cannot be written to", "choose another --out");
    }

    @Test
    void aDirectoryWithARunIsNotTakenForANewOneUnlessItIsCleared() throws IOException {
        RunDirectory run = RunDirectory.open(directory);
        run.requireUnused();
        StopSignal stop = new StopSignal();
        stop.request();
        ForkedTraining.run(run, stop);
        Path note = Files.writeString(directory.resolve("notes.txt"), "mine");
        assertThatThrownBy(run::requireUnused)
                .isInstanceOf(HieraException.class)
                .hasMessageContainingAll("holds an earlier run", "--resume", "--overwrite", "another --out");

        run.clear();

        run.requireUnused();
        try (var left = Files.list(directory)) {
            assertThat(left)
                    .containsExactlyInAnyOrder(note, directory.resolve("checkpoints"), directory.resolve(".lock"));
        }
    }
}
