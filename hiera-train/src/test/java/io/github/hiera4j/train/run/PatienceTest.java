package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatienceTest {
    private static final Recipe HOPELESS = ForkedTraining.recipe()
            .with("learning_rate", "1e-12")
            .with("epochs", "6")
            .with("evaluate_every", "1");

    @TempDir
    private Path directory;

    private final List<String> notes = new ArrayList<>();

    private Trainer.Result train(int patience, Trainer.Existing existing) {
        Progress progress = new Progress() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        };
        return Trainer.of(HOPELESS.with("patience", String.valueOf(patience)))
                .data(TinyData.of(24))
                .out(directory)
                .existing(existing)
                .progress(progress)
                .run();
    }

    @Test
    void aRunThatNoLongerImprovesEndsEarlyAndCanBeContinuedWithMorePatience() {
        Trainer.Result early = train(2, Trainer.Existing.REFUSE);
        assertThat(early.outcome().complete()).isTrue();
        assertThat(early.outcome().steps())
                .isEqualTo(18); // one epoch that is the best so far, and two that are not better
        assertThat(notes)
                .anyMatch(
                        note -> note.startsWith(
                                "2 evaluations without a better result: training ends after epoch 3 of 6; the best weights are in "));
        assertThat(early.model().resolve("model.safetensors")).isNotEmptyFile();

        assertThat(train(2, Trainer.Existing.RESUME).outcome().steps()).isEqualTo(18);
        assertThat(notes).anyMatch(note -> note.contains("this run is complete"));

        Trainer.Result longer = train(0, Trainer.Existing.RESUME);
        assertThat(longer.outcome().complete()).isTrue();
        assertThat(longer.outcome().steps()).isEqualTo(36);
    }
}
