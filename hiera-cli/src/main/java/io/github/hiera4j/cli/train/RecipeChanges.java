package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.options.PositiveInteger;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that change a recipe. */
final class RecipeChanges {
    @Option(names = "--recipe-file", paramLabel = "FILE", description = "Settings file with one 'key: value' per line.")
    @Nullable
    Path recipeFile;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change one setting; may be repeated.")
    List<String> settings = List.of();

    @Option(names = "--dtype", paramLabel = "TYPE", description = "float32 or bfloat16 (setting precision).")
    @Nullable
    String dtype;

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (setting device).")
    @Nullable
    String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of compute threads; 0: all cores (setting threads).")
    @Nullable
    Integer threads;

    @Option(
            names = {"-b", "--batch"},
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Samples per forward pass (setting batch_size).")
    @Nullable
    Integer batch;

    /** Returns the recipe with all changes; {@code --set} takes precedence. */
    Recipe apply(Recipe recipe) {
        Recipe changed = recipeFile == null ? recipe : RecipeSettings.assignAll(recipe, recipeFile);
        for (String setting : all()) {
            Recipe before = changed;
            changed = WrongCallException.check(() -> RecipeSettings.assign(before, setting));
        }
        Recipe whole = changed;
        WrongCallException.check(() -> {
            Models.require(whole);
            return whole;
        });
        return changed;
    }

    /** Rejects an unsupported element type before any file is read. */
    void requireType() {
        if (dtype != null) {
            precision(dtype);
        }
    }

    private static DType precision(String typed) {
        return switch (typed.toLowerCase(Locale.ROOT)) {
            case "float32", "fp32" -> DType.FLOAT32;
            case "bfloat16", "bf16" -> DType.BFLOAT16;
            default ->
                throw WrongCallException.of(
                        "--dtype must be float32 (fp32) or bfloat16 (bf16) here, got '" + Printable.of(typed) + "'");
        };
    }

    /** Returns the changes from options that set a recipe's keys, followed by those of {@code --set}. */
    private List<String> all() {
        List<String> all = new ArrayList<>();
        if (dtype != null) {
            all.add("precision=" + precision(dtype));
        }
        if (device != null) {
            all.add("device=" + device);
        }
        if (threads != null) {
            all.add("threads=" + threads);
        }
        if (batch != null) {
            all.add("batch_size=" + batch);
        }
        all.addAll(settings);
        return all;
    }
}
