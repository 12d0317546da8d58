package com.example;

import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import java.util.Map;

/** Trains a small model of two classes, of which the second counts three times: {@code TrainWithOwnObjective DATA OUT EPOCHS}. */
public final class TrainWithOwnObjective {
    private TrainWithOwnObjective() {}

    public static void main(String[] arguments) {
        Recipe recipe = Recipes.named("small-finetune")
                .with("model", "hiera_nano_64")
                .with("batch_size", "8")
                .with("epochs", arguments[2]);
        Trainer.Result result = Trainer.of(recipe)
                .data(Path.of(arguments[0]))
                .out(Path.of(arguments[1]))
                .objective(new WeightedClasses(Models.encoder(recipe.model()), 1, 3))
                .schedule((steps, stepsPerEpoch) -> step -> 1e-3 * (steps - step) / steps) // linear, no warm-up
                .progress(new Progress() {
                    @Override
                    public void evaluated(long step, Map<String, Double> figures) {
                        System.out.println("step " + step + ": " + figures);
                    }
                })
                .run();
        System.out.println(result.outcome().steps() + " steps; model: " + result.model());
    }
}
