package io.github.hiera4j.train.run;

import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.nio.file.Path;

/** A whole run in a separate process, which can be killed. Its arguments are {@code DIRECTORY EPOCHS}. */
final class ForkedTraining {
    private ForkedTraining() {}

    static final int EPOCHS = 6;

    static Recipe recipe() {
        return recipe(EPOCHS);
    }

    private static Recipe recipe(int epochs) {
        return Recipes.named("small-finetune")
                .with("model", "hiera_nano_64")
                .with("precision", "float32")
                .with("epochs", String.valueOf(epochs))
                .with("batch_size", "2")
                .with("warmup_epochs", "1")
                .with("threads", "1")
                .with("drop_path", "0.1")
                .with("head_dropout", "0.1")
                .with("mixup", "0.8")
                .with("mix_probability", "1")
                .with("average_decay", "0.9")
                .with("clip_norm", "1")
                .with("accumulation", "2")
                .with("checkpoint_steps", "2");
    }

    public static void main(String[] arguments) {
        run(RunDirectory.open(Path.of(arguments[0])), Integer.parseInt(arguments[1]));
        System.exit(0);
    }

    /** Continues from the newest checkpoint if there is one. */
    static TrainingRun.Outcome run(RunDirectory directory, StopSignal stop) {
        return run(recipe(), directory, stop, TinyData.of(24, 5));
    }

    static TrainingRun.Outcome run(RunDirectory directory, int epochs) {
        return run(recipe(epochs), directory, new StopSignal(), TinyData.of(24, 5));
    }

    static TrainingRun.Outcome run(Recipe recipe, RunDirectory directory, StopSignal stop, Dataset dataset) {
        ClassifyObjective objective =
                new ClassifyObjective(recipe.model(), recipe.augmentation().mixing(), 2);
        try (TrainingRun run = new TrainingRun(
                recipe,
                dataset,
                objective,
                Initialization.of(objective.config(), recipe.run().seed()),
                directory,
                Progress.SILENT,
                stop)) {
            if (directory.newest().isPresent()) {
                run.resume();
            }
            return run.run();
        }
    }
}
