package io.github.hiera4j.cli.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.SavedRun;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that trains by a recipe of its task. */
abstract class TrainingCommand implements Callable<Integer> {
    private final Recipe.Task task;
    private final String defaultRecipe;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description = "See hiera recipe list (default: the small one; with --resume that of the run).")
    @Nullable
    String recipeName;

    @Mixin
    RunOptions options;

    @Spec
    CommandSpec spec;

    TrainingCommand(Recipe.Task task, String defaultRecipe) {
        this.task = task;
        this.defaultRecipe = defaultRecipe;
    }

    @Override
    public Integer call() {
        Path out = options.run(spec.commandLine());
        Optional<SavedRun> saved = options.resumes() ? Optional.of(SavedRun.read(out)) : Optional.empty();
        Recipe recipe = options.changes.apply(recipe(saved));
        boolean pretrains = recipe.task() == Recipe.Task.MAE;
        String suitable = pretrains ? "pretrain" : "finetune";
        check(
                recipe.task() == task || recipeName != null,
                "%s: this run was started by hiera %s; resume it with that command",
                out,
                suitable);
        check(
                recipe.task() == task,
                "recipe '%s' is one for hiera %s: name another --recipe, hiera recipe list shows all",
                recipeName,
                suitable);
        Path data = options.data(saved.flatMap(SavedRun::data), spec.commandLine());
        return Training.run(
                recipe, data, out, options, spec.name(), spec.commandLine().getErr());
    }

    private Recipe recipe(Optional<SavedRun> saved) {
        if (recipeName != null || saved.isEmpty()) {
            return Recipes.named(recipeName != null ? recipeName : defaultRecipe);
        }
        return saved.get().recipe();
    }
}
