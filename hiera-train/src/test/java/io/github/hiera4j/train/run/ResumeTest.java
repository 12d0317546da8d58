package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are stopped and resumed end as if they had not been stopped. */
class ResumeTest extends ResumeFixture {
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

    /** With the defaults of the recipes, except the number of epochs. */
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

        for (int steps : List.of(1, 1, 1)) { // the second part ends with the epoch, the third one in the next epoch
            assertThat(resumeFor(recipe, data, steps).complete()).isFalse();
        }
        assertThat(resume(recipe, data, "parts", new StopSignal()).complete()).isTrue();

        assertThat(model("parts")).isEqualTo(model("whole"));
    }

    /** Trains a few steps of the run {@code parts}; only the files connect them with earlier steps. */
    private TrainingRun.Outcome resumeFor(Recipe recipe, Dataset data, int steps) {
        StopSignal stop = new StopSignal();
        SampleSource train = new StoppingSource(data.train(), recipe.data().batchSize() * steps, stop);
        Dataset counted = new Dataset(data.name(), data.classNames(), train, data.validation());
        return Files.exists(directory.resolve("parts"))
                ? resume(recipe, counted, "parts", stop)
                : trainer(recipe, counted, "parts", stop).run().outcome();
    }

    @Test
    void aStopDuringTheEvaluationLosesNothing() throws IOException {
        Recipe recipe = ForkedTraining.recipe();
        Dataset data = TinyData.of(24);
        trainer(recipe, data, "whole", new StopSignal()).run();
        StopSignal stop = new StopSignal();
        Dataset stopping = new Dataset(
                data.name(), data.classNames(), data.train(), new StoppingSource(data.validation(), 1, stop));

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
