package io.github.hiera4j.cli.train;

import io.github.hiera4j.detect.train.CocoData;
import io.github.hiera4j.detect.train.DetectObjective;
import io.github.hiera4j.detect.train.DetectTraining;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import picocli.CommandLine.Command;

/** Trains a detector on data in COCO's layout. */
@Command(
        name = "detect-train",
        mixinStandardHelpOptions = true,
        description = "Train a detector (Mask R-CNN) on data in COCO's layout, from a pretrained encoder with --from.",
        footer = {
            "DIR contains annotations/instances_train*.json and instances_val*.json, and the images in",
            "train*/ and val*/ or in images/. --from takes a pretrained or fine-tuned Hiera, or a detector."
        })
public final class DetectTrainCommand extends TrainingCommand {
    DetectTrainCommand() {
        super(Recipe.Task.DETECT, "small-maskrcnn");
    }

    @Override
    Trainer trainer(Recipe recipe, Path data, ProgressLine notes) {
        CocoData coco = CocoData.open(data);
        return DetectTraining.trainer(recipe, coco, new DetectObjective(recipe, coco));
    }
}
