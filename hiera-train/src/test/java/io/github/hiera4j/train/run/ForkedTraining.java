package io.github.hiera4j.train.run;

import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.nio.file.Path;

/** A whole run in a process of its own, which can be killed: {@code DIRECTORY} is its only argument. */
final class ForkedTraining {
    private ForkedTraining() {}

    static Recipe recipe() {
        return Recipes.named("small-finetune")
                .with("model", "hiera_nano_64")
                .with("epochs", "3")
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
        run(RunDirectory.open(Path.of(arguments[0])), new StopSignal());
        System.exit(0);
    }

    /** Goes on from the newest checkpoint where there is one. */
    static TrainingRun.Outcome run(RunDirectory directory, StopSignal stop) {
        return run(directory, stop, TinyData.of(24, 5));
    }

    static TrainingRun.Outcome run(RunDirectory directory, StopSignal stop, Dataset dataset) {
        Recipe recipe = recipe();
        ClassifyObjective objective = new ClassifyObjective(recipe, 2);
        try (TrainingRun run = new TrainingRun(
                recipe,
                dataset,
                objective,
                Initialization.of(objective.config(), recipe.seed()),
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
