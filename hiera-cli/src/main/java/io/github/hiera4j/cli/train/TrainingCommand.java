package io.github.hiera4j.cli.train;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.ProcessorPrecision;
import io.github.hiera4j.train.run.SavedRun;
import io.github.hiera4j.train.run.Trainer;
import io.github.hiera4j.train.run.TrainingProcesses;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that trains with a recipe for its task. */
abstract class TrainingCommand implements Callable<Integer> {
    private final Recipe.Task task;
    private final String defaultRecipe;

    @Option(
            names = "--recipe",
            paramLabel = "NAME",
            description =
                    "Recipe, see hiera recipe list (default: one that suits --from, or a small one; with --resume, that of the run).")
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
        ProgressLine notes = new ProgressLine(spec.commandLine().getErr());
        Recipe chosen = recipe(saved, notes);
        Recipe recipe = saved.isPresent()
                ? options.apply(
                        chosen.with("precision", saved.get().recipe().run().precision()))
                : suited(chosen);
        String suitable = recipe.task().command();
        checkCall(
                recipe.task() == task || recipeName != null,
                "%s: this run was started by hiera %s; resume it with that command",
                out,
                suitable);
        checkCall(
                recipe.task() == task,
                "recipe '%s' is for hiera %s: select another --recipe, hiera recipe list shows all",
                recipeName != null ? recipeName : defaultRecipe,
                suitable);
        Path data = options.data(saved.flatMap(SavedRun::data), spec.commandLine());
        if (recipeName == null && saved.isEmpty() && options.from == null) {
            warnOfRandomWeights(notes);
        }
        if (saved.isEmpty()
                && !recipe.run().precision().equals(options.apply(chosen).run().precision())) {
            notes.note("precision: float32, because this processor emulates bfloat16");
        }
        return Training.run(trainer(recipe, data, notes), recipe, recipeName, out, options, spec);
    }

    /** Returns the trainer with its data. */
    Trainer trainer(Recipe recipe, Path data, ProgressLine notes) {
        Trainer trainer = Trainer.of(recipe).data(data);
        return task == Recipe.Task.CLASSIFY ? trainer.panel(new WrongPredictionsPanel()) : trainer;
    }

    /** Applies the options; uses float32 if this processor would emulate bfloat16, unless the options request bfloat16. */
    private Recipe suited(Recipe recipe) {
        Recipe wanted = options.apply(recipe);
        return ProcessorPrecision.isEmulated(wanted.run())
                ? options.apply(recipe.with("precision", "float32"))
                : wanted;
    }

    private Recipe recipe(Optional<SavedRun> saved, ProgressLine notes) {
        if (recipeName != null) {
            String typed = recipeName;
            return WrongCallException.check(() -> Recipes.named(typed));
        }
        if (saved.isPresent()) {
            return saved.get().recipe().perProcess(TrainingProcesses.count(System.getenv()));
        }
        if (options.from == null) {
            return Recipes.named(defaultRecipe);
        }
        return task == Recipe.Task.CLASSIFY ? forWeights(options.from, notes) : Recipes.named(defaultRecipe);
    }

    /** Returns a recipe that suits the initial weights. */
    private Recipe forWeights(Path from, ProgressLine notes) {
        try (Checkpoint checkpoint = Checkpoint.open(from, options.ema)) {
            Optional<Recipe> suitable = Recipes.forModel(checkpoint.config());
            suitable.ifPresent(recipe -> notes.note("recipe: " + Recipes.nameOf(recipe) + " with "
                    + recipe.model().name() + ", which suits --from"));
            return suitable.orElseGet(() -> Recipes.named(defaultRecipe));
        }
    }

    private void warnOfRandomWeights(ProgressLine notes) {
        boolean named = options.changes.settings.stream().anyMatch(setting -> setting.startsWith("model"))
                || options.changes.recipeFile != null
                || options.model != null;
        if (!named) {
            String side = task == Recipe.Task.DETECT ? "96 x 96" : "64 x 64";
            notes.note("no --from: starting from random weights, with a small model at " + side + " pixels");
            notes.note(
                    switch (task) {
                        case MAE -> "for photos, use a larger recipe such as --recipe in1k-mae-tiny";
                        case CLASSIFY -> "for photos, start from ImageNet weights at 224: --from hiera_base_224.pth";
                        case DETECT ->
                            "for COCO, start from ImageNet weights: --recipe coco-maskrcnn-base --from mae_hiera_base_224.pth";
                        case ACTIONS ->
                            "for AVA, start from Kinetics weights: --recipe ava-large --from hiera_large_16x224.pth";
                    });
        }
    }
}
