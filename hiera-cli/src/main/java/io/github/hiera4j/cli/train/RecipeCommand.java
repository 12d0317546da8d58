package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.recipe.SettingsGlossary;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows recipes and their settings. */
@Command(name = "recipe", mixinStandardHelpOptions = true, description = "List recipes, or show one in full.")
public final class RecipeCommand {
    private static final int COLUMNS = 76;

    @Spec
    CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "List the names of all recipes.")
    void list() {
        PrintWriter out = spec.commandLine().getOut();
        Recipes.names().forEach(out::println);
        out.flush();
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Print every setting of a recipe, in the format of --recipe-file.")
    void show(@Parameters(paramLabel = "NAME", description = "The recipe.") String name) {
        PrintWriter out = spec.commandLine().getOut();
        RecipeSettings.of(WrongCallException.check(() -> Recipes.named(name)))
                .forEach((key, value) -> out.println(key + ": " + value));
        out.flush();
    }

    @Command(
            name = "settings",
            mixinStandardHelpOptions = true,
            description = "Describe every setting: unit and values, default, effect.")
    void settings(@Option(names = "--markdown", description = "Print a table in Markdown.") boolean markdown) {
        PrintWriter out = spec.commandLine().getOut();
        if (markdown) {
            out.print(SettingsGlossary.markdown());
        } else {
            for (SettingsGlossary.Setting setting : SettingsGlossary.all()) {
                out.println(setting.key() + " = " + setting.defaults());
                wrapped(setting.values() + ". " + setting.effect()).forEach(line -> out.println("    " + line));
            }
        }
        out.flush();
    }

    /** Wraps a text into lines of at most 76 characters. */
    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
