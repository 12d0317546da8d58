package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.torch.TorchMemory;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native memory is not garbage-collected: memory that a step does not release is lost. */
class FlatMemoryTest {
    @TempDir
    Path directory;

    /** The number of tensors and their bytes between two steps. */
    private record Held(long tensors, long bytes) {}

    @Test
    @Tag("slow")
    void fiveHundredStepsHoldAsManyTensorsAsTheFirst() {
        Recipe recipe = ForkedTraining.recipe().with("epochs", "84").with("checkpoint_steps", "0");
        ClassifyObjective objective =
                new ClassifyObjective(recipe.model(), recipe.augmentation().mixing(), 2);
        List<Held> held = new ArrayList<>();
        Progress listener = new Progress() {
            @Override
            public void step(Step step) {
                held.add(new Held(TorchMemory.liveTensors(), TorchMemory.liveBytes()));
            }
        };
        long before = TorchMemory.liveTensors();
        try (TrainingRun run = new TrainingRun(
                recipe,
                TinyData.of(24, 5),
                objective,
                Initialization.of(objective.config(), recipe.run().seed()),
                RunDirectory.open(directory),
                listener,
                new StopSignal())) {
            assertThat(run.run().steps()).isGreaterThan(500);
        }
        assertThat(held).hasSizeGreaterThan(50);
        assertThat(held.get(0).tensors()).isPositive();
        assertThat(held).allMatch(held.get(0)::equals);
        assertThat(TorchMemory.liveTensors()).isEqualTo(before);
    }
}
