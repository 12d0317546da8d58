package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import io.github.hiera4j.model.weights.safetensors.SafetensorsWriter;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which checkpoints and directories a run accepts: those of its own data and settings, also of earlier versions. */
class ResumeRefusalsTest extends ResumeFixture {
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
                .hasMessageContaining("contains no checkpoint to resume from");
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
}
