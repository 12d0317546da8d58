package io.github.hiera4j.cli.train;

import io.github.hiera4j.detect.action.ActionTraining;
import io.github.hiera4j.detect.action.AvaDataset;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** Trains a model that recognises the actions of each person in a clip. */
@Command(
        name = "actions-train",
        mixinStandardHelpOptions = true,
        description = "Train a model that recognises the actions of each person in a video, on data in AVA's layout.",
        footer = {
            "DIR contains train.csv, val.csv, labels.pbtxt and videos/NAME.mp4, or the files under their",
            "published names: see docs/actions.md. Start from a video classifier with --from."
        })
public final class ActionsTrainCommand extends TrainingCommand {
    public ActionsTrainCommand() {
        super(Recipe.Task.ACTIONS, "small-actions");
    }

    @Override
    Trainer trainer(Recipe recipe, Path data, ProgressLine notes) {
        AvaDataset dataset = AvaDataset.open(data);
        dataset.notes().forEach(notes::note);
        return ActionTraining.trainer(recipe, dataset);
    }
}
