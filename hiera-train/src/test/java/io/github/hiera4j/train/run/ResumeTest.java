package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.DecodedSample;
import io.github.hiera4j.train.data.DerivedSource;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run needs to be continued, and what keeps it from being continued. */
class ResumeTest {
    @TempDir
    private Path directory;

    private final List<String> notes = new ArrayList<>();

    private Trainer trainer(Recipe recipe, Dataset data, String run, StopSignal stop) {
        return Trainer.of(recipe)
                .data(data)
                .out(directory.resolve(run))
                .stop(stop)
                .progress(new Progress() {
                    @Override
                    public void note(String line) {
                        notes.add(line);
                    }
                });
    }

    private TrainingRun.Outcome resume(Recipe recipe, Dataset data, String run, StopSignal stop) {
        return trainer(recipe, data, run, stop)
                .existing(Trainer.Existing.RESUME)
                .run()
                .outcome();
    }

    private byte[] model(String run) throws IOException {
        return Files.readAllBytes(directory.resolve(run).resolve("model/model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"small-mae", "small-finetune", "small-video-mae", "small-video-finetune"})
    void aRunOfEveryKindThatIsStoppedInEveryEpochEndsWithTheSameBits(String name) throws IOException {
        Recipe recipe = Recipes.named(name).with("epochs", "2").with("batch_size", "3");
        stopAndResume(
                switch (name) {
                    case "small-finetune" -> recipe.with("model", "hiera_nano_64"); // in bfloat16, emulated or not
                    case "small-mae" -> ProcessorPrecision.fast(recipe.with("model", "hiera_nano_64"));
                    default -> ProcessorPrecision.fast(recipe);
                },
                name);
    }

    /** The recipes' own defaults, but for the number of epochs. */
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(strings = {"small-mae", "small-finetune", "small-video-mae", "small-video-finetune"})
    void aRunOfEveryKindWithItsOwnBatchesEndsWithTheSameBits(String name) throws IOException {
        stopAndResume(Recipes.named(name).with("epochs", "2"), name);
    }

    private void stopAndResume(Recipe recipe, String name) throws IOException {
        Dataset data = name.contains("video")
                ? SmallSets.videos(directory, 2 * recipe.data().batchSize(), 2)
                : TinyData.of(2 * recipe.data().batchSize());
        assertThat(trainer(recipe, data, "whole", new StopSignal())
                        .run()
                        .outcome()
                        .complete())
                .isTrue();

        for (int steps : List.of(1, 1, 1)) { // the second one ends at the epoch's end, the third one in the next epoch
            assertThat(resumeFor(recipe, data, steps).complete()).isFalse();
        }
        assertThat(resume(recipe, data, "parts", new StopSignal()).complete()).isTrue();

        assertThat(model("parts")).isEqualTo(model("whole"));
    }

    /** A few steps of the run {@code parts}, as in its own process: nothing is left in memory. */
    private TrainingRun.Outcome resumeFor(Recipe recipe, Dataset data, int steps) {
        StopSignal stop = new StopSignal();
        SampleSource train = new Counting(data.train(), recipe.data().batchSize() * steps, stop);
        Dataset counted = new Dataset(data.name(), data.classNames(), train, data.validation());
        return Files.exists(directory.resolve("parts"))
                ? resume(recipe, counted, "parts", stop)
                : trainer(recipe, counted, "parts", stop).run().outcome();
    }

    /** Requests a stop after some samples; the loader reads ahead, so that the run stops at that step or the one before. */
    private static final class Counting extends DerivedSource {
        private final StopSignal stop;
        private int left;

        Counting(SampleSource source, int left, StopSignal stop) {
            super(source);
            this.left = left;
            this.stop = stop;
        }

        @Override
        public synchronized List<Rgb8Image> read(int index, ClipChoice clip) {
            if (--left == 0) {
                stop.request();
            }
            return super.read(index, clip);
        }

        @Override
        public Optional<DecodedSample> decode(int index, long mostBytes) {
            return Optional.empty(); // every sample is read, and so counted
        }
    }

    @Test
    void aStopDuringTheEvaluationLosesNothing() throws IOException {
        Recipe recipe = ForkedTraining.recipe();
        Dataset data = TinyData.of(24);
        trainer(recipe, data, "whole", new StopSignal()).run();
        StopSignal stop = new StopSignal();
        Dataset stopping =
                new Dataset(data.name(), data.classNames(), data.train(), new Counting(data.validation(), 1, stop));

        TrainingRun.Outcome stopped = trainer(recipe.with("cache_megabytes", "0"), stopping, "parts", stop)
                .run()
                .outcome();

        assertThat(stopped.complete()).isFalse();
        assertThat(stopped.steps()).isEqualTo(6);
        assertThat(stopped.evaluation()).isEmpty();
        assertThat(directory.resolve("parts/best")).doesNotExist();
        assertThat(resume(recipe, data, "parts", new StopSignal()).complete()).isTrue();
        assertThat(model("parts")).isEqualTo(model("whole"));
        assertThat(directory.resolve("parts/best/model.safetensors"))
                .hasSameBinaryContentAs(directory.resolve("whole/best/model.safetensors"));
        assertThat(evaluations("parts")).isEqualTo(evaluations("whole"));
    }

    private List<String> evaluations(String run) throws IOException {
        return Files.readAllLines(directory.resolve(run).resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("top1"))
                .map(line -> line.replaceAll("\"(time|seconds)\":[^,]*,", "")) // differ from run to run
                .toList();
    }

    @Test
    void aCompleteRunIsLeftAloneAndCanBeTrainedLonger() throws IOException {
        Recipe recipe = ForkedTraining.recipe().with("epochs", "1");
        Dataset data = TinyData.of(24);
        trainer(recipe, data, "run", new StopSignal()).run();
        Map<String, Object> before = files();

        assertThat(resume(recipe, data, "run", new StopSignal()).complete()).isTrue();

        assertThat(files()).isEqualTo(before);
        assertThat(notes).anyMatch(note -> note.contains("this run is complete; raise epochs to train longer"));
        assertThat(resume(recipe.with("epochs", "2"), data, "run", new StopSignal())
                        .steps())
                .isEqualTo(12);
        assertThat(notes).anyMatch(note -> note.startsWith("epochs 1 to 2: "));
        assertThatThrownBy(() -> resume(recipe, data, "run", new StopSignal()))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("epochs can be raised when resuming, not lowered");
    }

    private Map<String, Object> files() throws IOException {
        Map<String, Object> times = new TreeMap<>();
        try (var all = Files.walk(directory.resolve("run"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                times.put(file.toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void otherDataAreRefused() {
        StopSignal stop = new StopSignal();
        stop.request();
        trainer(ForkedTraining.recipe(), TinyData.of(24), "run", stop).run();

        assertThatThrownBy(() -> resume(ForkedTraining.recipe(), TinyData.of(26), "run", new StopSignal()))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("was trained on other data");
    }

    @Test
    void theFingerprintOfDataDoesNotDependOnWhereTheyAre() {
        assertThat(files("/a/b", "x", "y").fingerprint())
                .isEqualTo(files("other/place", "x", "y").fingerprint())
                .isNotEqualTo(files("/a/b", "x", "z").fingerprint())
                .isNotEqualTo(files("/a/b", "y", "x").fingerprint())
                .hasSize(16);
    }

    private static Dataset files(String root, String first, String second) {
        return new Dataset(
                root,
                List.of("a", "b"),
                new FileSource(List.of(new FileSource.Labelled(Path.of(root, "train", first), 0))),
                new FileSource(List.of(new FileSource.Labelled(Path.of(root, "val", second), 1))));
    }

    @Test
    void aCheckpointFromBeforeASettingExistedIsContinued() throws IOException {
        Recipe recipe = ForkedTraining.recipe().with("epochs", "1");
        Path file = stoppedAtTheStart(recipe);
        rewrite(file, metadata -> {
            metadata.remove("recipe.checkpoint_minutes");
            metadata.remove("data");
            metadata.remove("pending");
        });

        assertThat(resume(recipe, TinyData.of(24), "run", new StopSignal()).complete())
                .isTrue();
        assertThat(notes).anyMatch(note -> note.contains("does not record its training data"));
    }

    @Test
    void aSettingOfALaterVersionIsRefused() {
        Recipe recipe = ForkedTraining.recipe();
        rewrite(stoppedAtTheStart(recipe), metadata -> metadata.put("recipe.depth_of_magic", "3"));

        assertThatThrownBy(() -> resume(recipe, TinyData.of(24), "run", new StopSignal()))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("'depth_of_magic', which this version does not know");
    }

    private Path stoppedAtTheStart(Recipe recipe) {
        StopSignal stop = new StopSignal();
        stop.request();
        trainer(recipe, TinyData.of(24), "run", stop).run();
        return RunDirectory.open(directory.resolve("run")).newest().orElseThrow();
    }

    static void rewrite(Path file, java.util.function.Consumer<Map<String, String>> change) {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            Map<String, String> metadata = new TreeMap<>(tensors.metadata());
            change.accept(metadata);
            SafetensorsWriter.write(file, tensors, metadata);
        }
    }

    @Test
    void aRunThatEndedBeforeItsFirstCheckpointIsNotReplacedWithoutAWord() throws IOException {
        Path run = Files.createDirectories(directory.resolve("run"));
        Files.writeString(run.resolve("manifest.json"), "{}");

        assertThatThrownBy(() -> trainer(ForkedTraining.recipe(), TinyData.of(24), "run", new StopSignal())
                        .run())
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("holds an earlier run; add --resume to continue it, --overwrite to discard it");
        assertThatThrownBy(() -> resume(ForkedTraining.recipe(), TinyData.of(24), "run", new StopSignal()))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("holds no checkpoint to resume from");
    }

    @Test
    void aSecondTrainingInTheSameDirectoryIsRefused() {
        try (RunDirectory.Lock first =
                RunDirectory.open(directory.resolve("run")).lock()) {
            assertThatThrownBy(() -> trainer(ForkedTraining.recipe(), TinyData.of(24), "run", new StopSignal())
                            .run())
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("another training is using this directory");
            assertThat(first).isNotNull();
        }
        stoppedAtTheStart(ForkedTraining.recipe());
    }

    @Test
    void checkpointsAreWrittenAtTheStartAndByTime() {
        Recipe recipe = ForkedTraining.recipe()
                .with("epochs", "1")
                .with("checkpoint_steps", "0")
                .with("checkpoint_minutes", "1e-9")
                .with("keep_checkpoints", "100");
        trainer(recipe, TinyData.of(24), "run", new StopSignal()).run();

        assertThat(RunDirectory.open(directory.resolve("run")).checkpoints())
                .extracting(RunDirectory.Saved::step)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void digitsOfTheUsersLanguageDoNotKeepARunFromBeingContinued() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            Recipe recipe = ForkedTraining.recipe().with("epochs", "1");
            assertThat(stoppedAtTheStart(recipe)).hasFileName("step-000000000.safetensors");
            assertThat(resume(recipe, TinyData.of(24), "run", new StopSignal()).complete())
                    .isTrue();
        } finally {
            Locale.setDefault(before);
        }
    }
}
