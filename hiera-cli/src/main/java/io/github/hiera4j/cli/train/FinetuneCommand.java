package io.github.hiera4j.cli.train;

import io.github.hiera4j.train.recipe.Recipe;
import picocli.CommandLine.Command;

/** Trains a classifier, from an autoencoder or any checkpoint. */
@Command(
        name = "finetune",
        mixinStandardHelpOptions = true,
        description = "Train a classifier, from an autoencoder or any checkpoint.")
public final class FinetuneCommand extends TrainingCommand {
    public FinetuneCommand() {
        super(Recipe.Task.CLASSIFY, "small-finetune");
    }
}
