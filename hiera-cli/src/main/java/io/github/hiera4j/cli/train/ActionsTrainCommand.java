package io.github.hiera4j.cli.train;

import io.github.hiera4j.detect.action.ActionTraining;
import io.github.hiera4j.detect.action.AvaDataset;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** Trains a model that says what each person of a clip does. */
@Command(
        name = "actions-train",
        mixinStandardHelpOptions = true,
        description = "Train a model that says what each person of a video does, on data in AVA's layout.",
        footer = {
            "DIR holds train.csv, val.csv, labels.pbtxt and videos/NAME.mp4, or the files under their",
            "published names: see docs/actions.md. Start with a video classifier: --from."
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
