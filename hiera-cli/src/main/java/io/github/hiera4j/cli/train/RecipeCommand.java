package io.github.hiera4j.cli.train;

import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Recipes;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows the table of recipes. */
@Command(name = "recipe", mixinStandardHelpOptions = true, description = "List recipes, or show one in full.")
public final class RecipeCommand {
    @Spec
    CommandSpec spec;

    @Command(name = "list", description = "The names of all recipes.")
    void list() {
        PrintWriter out = spec.commandLine().getOut();
        Recipes.names().forEach(out::println);
        out.flush();
    }

    @Command(name = "show", description = "Every setting of a recipe, as a file that --recipe-file reads.")
    void show(@Parameters(paramLabel = "NAME", description = "The recipe.") String name) {
        PrintWriter out = spec.commandLine().getOut();
        RecipeSettings.of(Recipes.named(name)).forEach((key, value) -> out.println(key + ": " + value));
        out.flush();
    }
}
