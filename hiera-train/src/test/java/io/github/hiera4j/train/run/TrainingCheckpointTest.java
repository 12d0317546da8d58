package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.TorchMemory;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Training checkpoints are untrusted input: whatever they contain, they are resumed or refused with one line. */
class TrainingCheckpointTest {
    private static final long FUZZING_NANOS = 4_000_000_000L;
    private static final Recipe RECIPE = ForkedTraining.recipe().with("checkpoint_steps", "0");

    @TempDir
    private static Path original;

    @TempDir
    private Path directory;

    @BeforeAll
    static void trainTwoEpochs() {
        try (TrainingRun run = run(RECIPE.with("epochs", "2"), original, Progress.SILENT)) {
            run.run();
        }
    }

    private static TrainingRun run(Recipe recipe, Path directory, Progress progress) {
        ClassifyObjective objective =
                new ClassifyObjective(recipe.model(), recipe.augmentation().mixing(), 2);
        return new TrainingRun(
                recipe,
                TinyData.of(24),
                objective,
                Initialization.of(objective.config(), 0),
                RunDirectory.open(directory),
                progress,
                new StopSignal());
    }

    private static Path newest() {
        return RunDirectory.open(original).newest().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "step, 9223372036854775807, expected step 12 at epoch 2",
        "step, -9, expected step 12 at epoch 2",
        "step, 99999999999999999999, not a training checkpoint",
        "step, 1e3, not a training checkpoint",
        "epoch, -1, expected an epoch from 0 to 6",
        "epoch, 7, expected an epoch from 0 to 6",
        "epoch, 2147483647, expected an epoch from 0 to 6",
        "batch, -5, 'expected a batch from 0 to 12, a multiple of accumulation=2, got -5'",
        "batch, 124, expected a batch from 0 to 12",
        "batch, 3, a multiple of accumulation=2",
        "best, NaN, expected a finite best score",
        "best, Infinity, expected a finite best score",
        "threads, -1, expected 0 or more threads",
        "recipe.seed, 5, was trained with seed=5",
        "recipe.epochs, x, was trained with epochs=x",
        "data, 0123456789abcdef, was trained on other data",
    })
    void aPositionThatNoRunReachesIsRefused(String key, String value, String message) throws IOException {
        Path file = directory.resolve("checkpoint.safetensors");
        Files.copy(newest(), file);
        ResumeRefusalsTest.rewrite(file, metadata -> metadata.put(key, value));
        try (TrainingRun run = run(RECIPE, directory, Progress.SILENT)) {
            assertThatThrownBy(() -> run.restore(file))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining(message)
                    .hasMessageContaining("checkpoint.safetensors");
        }
    }

    @Test
    void aFileWhoseNumberIsTooLongIsNoCheckpoint() throws IOException {
        RunDirectory run = RunDirectory.open(directory);
        Path checkpoints = directory.resolve("checkpoints");
        Files.copy(newest(), checkpoints.resolve("step-99999999999999999999.safetensors"));
        assertThat(run.newest()).isEmpty();
        Path misnamed = Files.copy(newest(), checkpoints.resolve("step-000000013.safetensors"));
        assertThatThrownBy(() -> RunDirectory.load(misnamed))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("its name and its content differ: it contains step 12");
    }

    @Test
    void mutatedCheckpointsAreRefusedWithOneLineOrContinued() throws IOException {
        long seed = 20261125;
        Random random = new Random(seed);
        byte[] intact = Files.readAllBytes(newest());
        int header = 8
                + (int) java.nio.ByteBuffer.wrap(intact)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .getLong();
        long deadline = System.nanoTime() + FUZZING_NANOS;
        Path file = directory.resolve("mutated.safetensors");
        int refused = 0;
        int cases = 0;
        try (TrainingRun run = run(RECIPE, directory, Progress.SILENT)) {
            for (; System.nanoTime() < deadline || cases < 20; cases++) {
                Files.write(file, mutated(intact, header, random));
                try {
                    run.restore(file);
                    assertThat(run.trainer().findNotFinite()).isEmpty();
                } catch (HieraException expected) {
                    refused++;
                    assertThat(expected.getMessage())
                            .hasLineCount(1)
                            .hasSizeLessThan(1000)
                            .doesNotContainPattern("\\p{Cntrl}");
                } catch (RuntimeException unexpected) {
                    throw new AssertionError("case " + cases + " of seed " + seed, unexpected);
                }
            }
        }
        assertThat(refused).as("of %d cases, seed %d", cases, seed).isPositive();
    }

    private static byte[] mutated(byte[] intact, int header, Random random) {
        byte[] bytes = random.nextInt(8) == 0
                ? java.util.Arrays.copyOf(intact, random.nextInt(intact.length))
                : intact.clone();
        int limit = Math.min(bytes.length, random.nextInt(4) == 0 ? bytes.length : header);
        for (int i = random.nextInt(6); i >= 0 && limit > 0; i--) {
            int at = random.nextInt(limit);
            bytes[at] = switch (random.nextInt(3)) {
                case 0 -> (byte) random.nextInt(256);
                case 1 -> (byte) ('0' + random.nextInt(10));
                default -> (byte) "\"-+.eE,:{}[]\u007f".charAt(random.nextInt(13));
            };
        }
        return bytes;
    }

    @Test
    void aCheckpointWithAValueThatIsNotFiniteIsRefused() {
        try (TrainingRun run = run(RECIPE, directory, Progress.SILENT)) {
            assertThatThrownBy(() -> run.trainer()
                            .restore(new io.github.hiera4j.model.weights.FiniteWeights(
                                    broken(run.trainer().state()))))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("NaN");
        }
    }

    @Test
    void parametersThatAreNotFiniteAreNeverSavedNotEvenAtTheLastStep() {
        TrainingRun[] current = new TrainingRun[1];
        Progress breaking = new Progress() {
            @Override
            public void step(Step step) { // after the last update, before the last checkpoint
                current[0].trainer().restore(broken(current[0].trainer().state()));
            }
        };
        Recipe recipe = RECIPE.with("epochs", "1");
        try (TrainingRun run = run(recipe, directory, breaking)) {
            current[0] = run;
            assertThatThrownBy(run::run)
                    .isInstanceOf(HieraException.class)
                    .hasMessageContainingAll(
                            "step 6: 'model.head.projection.bias' is not finite; this step is not saved",
                            "the newest checkpoint is",
                            "step-000000000.safetensors");
        }
        assertThat(directory.resolve("model")).doesNotExist();
        assertThat(directory.resolve("best")).doesNotExist();
        assertThat(RunDirectory.open(directory).checkpoints()).hasSize(1);
    }

    private static WeightSource broken(WeightSource state) {
        return new DerivedWeights(state) {
            @Override
            public HostTensor read(String name) {
                HostTensor tensor = super.read(name);
                if (name.equals("model.head.projection.bias")) {
                    tensor.floats().put(1, Float.NaN);
                }
                return tensor;
            }
        };
    }

    @Test
    void aRunThatCannotBeStartedGivesBackItsNativeMemoryAndItsDirectory() {
        long before = TorchMemory.liveBytes();
        ClassifyObjective objective =
                new ClassifyObjective(RECIPE.model(), RECIPE.augmentation().mixing(), 2);
        WeightSource missing = Initialization.of(
                new ClassifyObjective(RECIPE.model(), RECIPE.augmentation().mixing(), 3).config(), 0);
        assertThatThrownBy(() -> new TrainingRun(
                        RECIPE,
                        TinyData.of(24),
                        objective,
                        missing,
                        RunDirectory.open(directory),
                        Progress.SILENT,
                        new StopSignal()))
                .isInstanceOf(HieraException.class);
        assertThat(TorchMemory.liveBytes()).isEqualTo(before);
        RunDirectory.open(directory).lock().close();
    }
}
