package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that change a recipe. */
final class RecipeChanges {
    @Option(names = "--recipe-file", paramLabel = "FILE", description = "Settings, one 'key: value' a line.")
    @Nullable
    Path recipeFile;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change one setting; may be repeated.")
    List<String> settings = List.of();

    /** The recipe with all changes; {@code --set} has the last word. */
    Recipe apply(Recipe recipe) {
        Recipe changed = recipeFile == null ? recipe : RecipeSettings.assignAll(recipe, recipeFile);
        for (String setting : settings) {
            Recipe before = changed;
            changed = WrongCallException.check(() -> RecipeSettings.assign(before, setting));
        }
        return changed;
    }
}
