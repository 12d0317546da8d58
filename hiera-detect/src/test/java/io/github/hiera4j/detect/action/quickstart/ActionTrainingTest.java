package io.github.hiera4j.detect.action.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.detect.action.ActionTraining;
import io.github.hiera4j.detect.action.AvaDataset;
import io.github.hiera4j.detect.action.HieraActions;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny run on a few rendered videos, which checks that all parts work together. */
class ActionTrainingTest {
    private static final List<double[]> PERSONS =
            List.of(new double[] {.1, .2, .5, .6}, new double[] {.5, .4, .9, .9}, new double[] {.0, .0, 1, 1});

    @TempDir
    private static Path directory;

    private static AvaDataset data;
    private static Path model;

    private static Recipe recipe() {
        return Recipes.named("small-actions")
                .with("epochs", "2")
                .with("batch_size", "2")
                .with("drop_path", "0.1")
                .with("head_dropout", "0.2")
                .with("crop_least", "0.6")
                .with("flip", "0.5")
                .with("precision", "float32")
                .with("threads", "1")
                .with("input_size", "4x32x32");
    }

    @BeforeAll
    static void train() {
        ActionScenes.write(directory.resolve("data"), 2, 1, 3);
        data = AvaDataset.open(directory.resolve("data"));
        Trainer.Result whole = trainer("whole").run();
        assertThat(whole.outcome().complete()).isTrue();
        assertThat(whole.outcome().figures().get("frame_map")).isBetween(0.0, 1.0);
        model = whole.model();
    }

    private static Trainer trainer(String name) {
        return ActionTraining.trainer(recipe(), data).out(directory.resolve(name));
    }

    @Test
    void aRunThatWasStoppedAndResumedEndsWithTheSameBits() throws IOException {
        StopSignal stop = new StopSignal();
        Progress stopping = new Progress() {
            @Override
            public void evaluated(long step, java.util.Map<String, Double> figures) {
                stop.request();
            }
        };
        Trainer.Result part = trainer("parts").progress(stopping).stop(stop).run();
        assertThat(part.outcome().complete()).isFalse();

        Trainer.Result rest = trainer("parts").existing(Trainer.Existing.RESUME).run();

        assertThat(rest.outcome().complete()).isTrue();
        assertThat(Files.mismatch(rest.model().resolve("model.safetensors"), model.resolve("model.safetensors")))
                .isEqualTo(-1);
    }

    @Test
    void changedAnnotationsAreNotTheSameData() throws IOException {
        Path copy = Files.createDirectories(directory.resolve("changed"));
        try (var files = Files.list(data.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                Files.writeString(
                        copy.resolve(file.getFileName()),
                        file.endsWith("train.csv") ? text.replaceAll(",[1-4],", ",1,") : text);
            }
        }
        Files.createSymbolicLink(
                copy.resolve("videos"), data.root().resolve("videos").toAbsolutePath());

        assertThat(AvaDataset.open(copy).samples().fingerprint())
                .isNotEqualTo(data.samples().fingerprint());
    }

    @Test
    void enginesAgreeAndThreadsShareAModel() throws Exception {
        Path video = data.validation().get(0).video();
        try (HieraActions torch = HieraActions.load(model, Backends.named("torch"), CompileOptions.DEFAULT);
                HieraActions onednn = HieraActions.load(model, Backends.named("onednn"), CompileOptions.DEFAULT)) {
            List<HieraActions.Found> expected = torch.actions(video, 1, PERSONS);
            assertThat(expected).hasSize(3);
            assertThat(expected.get(0).actions()).hasSize(ActionScenes.ACTIONS.size());
            requireEqual(onednn.actions(video, 1, PERSONS), expected);
            requireEqual(onednn.actions(video, 1, PERSONS.subList(1, 2)), expected.subList(1, 2));

            ExecutorService threads = Executors.newFixedThreadPool(3);
            List<Callable<List<HieraActions.Found>>> calls = new ArrayList<>();
            for (int call = 0; call < 6; call++) {
                calls.add(() -> onednn.actions(video, 1, PERSONS));
            }
            for (Future<List<HieraActions.Found>> answer : threads.invokeAll(calls)) {
                requireEqual(answer.get(), expected);
            }
            threads.shutdown();
        }
    }

    private static void requireEqual(List<HieraActions.Found> actual, List<HieraActions.Found> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            for (HieraActions.Action action : actual.get(i).actions()) {
                double wanted = expected.get(i).actions().stream()
                        .filter(other -> other.id() == action.id())
                        .findFirst()
                        .orElseThrow()
                        .probability();
                assertThat(action.probability()).isEqualTo(wanted, within(1e-5));
            }
        }
    }

    @Test
    void whatIsNoBoxOrNoActionModelIsRefused() {
        HieraActions loaded = HieraActions.load(model);
        Path video = data.validation().get(0).video();
        assertThatThrownBy(() -> loaded.actions(video, 1, List.of(new double[] {.5, .5, .4, .9})))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("fractions of the frame");
        assertThatThrownBy(() -> loaded.actions(video, 60, PERSONS))
                .hasMessageContaining("the video lasts from 0 to 4.0");
        loaded.close();
        loaded.close();
        assertThatThrownBy(() -> loaded.actions(video, 1, PERSONS)).hasMessageContaining("is closed");
    }

    @Test
    void aClassifierIsNotAnActionModel() throws IOException {
        Path copy = Files.createDirectories(directory.resolve("classifier"));
        for (String file : List.of("model.safetensors", "config.json", "hiera4j.json")) {
            Files.copy(model.resolve(file), copy.resolve(file));
        }

        assertThatThrownBy(() -> HieraActions.load(copy))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("is not an action model");
    }
}
