package io.github.hiera4j.cli.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that trains by a recipe of its task. */
abstract class TrainingCommand implements Callable<Integer> {
    private final Recipe.Task task;

    @Option(names = "--recipe", paramLabel = "NAME", description = "See hiera recipe list (default: ${DEFAULT-VALUE}).")
    String recipeName;

    @Mixin
    RunOptions options;

    @Spec
    CommandSpec spec;

    TrainingCommand(Recipe.Task task, String recipeName) {
        this.task = task;
        this.recipeName = recipeName;
    }

    @Override
    public Integer call() {
        options.validate();
        Recipe recipe = options.changes.apply(Recipes.named(recipeName));
        boolean pretrains = recipe.task() == Recipe.Task.MAE;
        check(
                recipe.task() == task,
                "recipe '%s' is one for hiera %s: name another --recipe, hiera recipe list shows all",
                recipeName,
                pretrains ? "pretrain" : "finetune");
        return Training.run(recipe, options, spec.name(), spec.commandLine().getErr());
    }
}
