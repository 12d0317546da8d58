package io.github.hiera4j.cli.train;

import io.github.hiera4j.train.recipe.Recipe;
import picocli.CommandLine.Command;

/** Pretrains a masked autoencoder; labels are not used. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description = "Pretrain a masked autoencoder; labels are not used.")
public final class PretrainCommand extends TrainingCommand {
    public PretrainCommand() {
        super(Recipe.Task.MAE, "small-mae");
    }
}
