package io.github.hiera4j.detect.train;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;

/** Trains a detector in a separate process that can be killed; the arguments are {@code DATA RUN}. */
final class ForkedDetectorTraining {
    private ForkedDetectorTraining() {}

    static Recipe recipe() {
        return Recipes.named("small-maskrcnn")
                .with("epochs", "6")
                .with("batch_size", "1")
                .with("evaluate_every", "6")
                .with("checkpoint_steps", "2")
                .with("threads", "1");
    }

    public static void main(String[] arguments) {
        train(Path.of(arguments[0]), Path.of(arguments[1]), Trainer.Existing.REFUSE);
        System.exit(0);
    }

    static Trainer.Result train(Path scenes, Path run, Trainer.Existing existing) {
        CocoData data = CocoData.open(scenes);
        return DetectTraining.trainer(recipe(), data, new DetectObjective(recipe(), data))
                .out(run)
                .existing(existing)
                .run();
    }
}
