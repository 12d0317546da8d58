package io.github.hiera4j.cli.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Recipes;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that trains. */
final class RunOptions {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set's directory.")
    Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the run keeps what it makes.")
    Path out;

    @Option(names = "--recipe-file", paramLabel = "FILE", description = "Settings, one 'key: value' a line.")
    @Nullable
    Path recipeFile;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change one setting; may be repeated.")
    List<String> settings = List.of();

    @Option(names = "--resume", description = "Go on from the newest checkpoint of --out.")
    boolean resume;

    @Option(names = "--overwrite", description = "Throw away the run that --out holds, and begin anew.")
    boolean overwrite;

    /** The recipe with all changes; {@code --set} has the last word. */
    Recipe recipe(String name) {
        check(!(resume && overwrite), "expected --resume or --overwrite, got both");
        Recipe recipe = Recipes.named(name);
        if (recipeFile != null) {
            recipe = RecipeSettings.assignAll(recipe, recipeFile);
        }
        for (String setting : settings) {
            recipe = RecipeSettings.assign(recipe, setting);
        }
        return recipe;
    }
}
