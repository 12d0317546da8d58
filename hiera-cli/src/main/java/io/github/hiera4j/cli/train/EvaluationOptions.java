package io.github.hiera4j.cli.train;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.report.TextFile;
import io.github.hiera4j.train.run.CheckpointRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that evaluates a checkpoint. */
final class EvaluationOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR|LIST",
            description = "The data set's directory, or a list file with 'path label' lines.")
    Path data;

    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "FILE",
            description = "The checkpoint.")
    Path weights;

    @Option(names = "--ema", description = "Use the averaged weights of a checkpoint that contains both kinds.")
    boolean ema;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description =
                    "Recipe for preprocessing and clips (default: that of the run that trained the weights, or by input size).")
    @Nullable
    String recipeName;

    @Mixin
    RecipeChanges changes;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Write report.html and result.json to this directory.")
    @Nullable
    Path out;

    @Option(
            names = "--confusion",
            paramLabel = "FILE",
            description = "Write the confusion matrix as comma-separated values.")
    @Nullable
    Path confusion;

    @Option(names = "--per-class", description = "Print every class, regardless of their number.")
    boolean perClass;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    /** Checks the options before the work begins. */
    void prepare() {
        changes.requireType();
        if (recipeName != null) {
            String typed = recipeName;
            WrongCallException.check(() -> Recipes.named(typed));
        }
        if (out != null) {
            TextFile.makeDirectory(out);
        }
        if (confusion != null) {
            Path directory = confusion.toAbsolutePath().getParent();
            checkCall(
                    directory != null && Files.isDirectory(directory) && !Files.isDirectory(confusion),
                    "%s: the parent directory does not exist, or this is a directory itself; --confusion needs a file to write",
                    confusion);
        }
    }

    /** Returns the selected recipe, or one that suits the checkpoint, with all changes. */
    Recipe recipe(Checkpoint checkpoint, Progress progress) {
        if (recipeName != null) {
            String typed = recipeName;
            return changes.apply(WrongCallException.check(() -> Recipes.named(typed)));
        }
        CheckpointRecipe suitable = CheckpointRecipe.of(checkpoint);
        progress.note("preprocessing and clips as in " + suitable.source());
        return changes.apply(suitable.recipe());
    }
}
