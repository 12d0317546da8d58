package io.github.hiera4j.cli.scale;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.scale.LoadingSpeed;
import io.github.hiera4j.train.scale.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options for the trainings of a plan: measured figures alone, or one or more recipes. A list has one element per recipe, or one for all. */
final class PlanWork {
    private static final double LONGEST = 600;

    @Option(
            names = "--recipe",
            split = ",",
            paramLabel = "NAME",
            description = "Recipes to plan: they determine parameters, batch, epochs and memory. Other options then"
                    + " take one value per recipe, or one for all.")
    List<String> recipes = List.of();

    @Option(
            names = "--step-ms",
            required = true,
            split = ",",
            paramLabel = "MS",
            description = "Computing time of a step.")
    List<Double> steps = List.of();

    @Option(
            names = "--gradient-mb",
            paramLabel = "MB",
            description = "Size of the gradient, 4 bytes per parameter; not with --recipe, which determines it.")
    double megabytes;

    @Option(
            names = {"-b", "--batch"},
            split = ",",
            paramLabel = "N",
            description = "Samples per step and process; adds samples per second to the output.")
    List<Integer> batches = List.of();

    @Option(
            names = "--samples",
            split = ",",
            paramLabel = "N",
            description = "Samples in the data set; adds hours per epoch to the output.")
    List<Long> samples = List.of();

    @Option(
            names = "--data",
            split = ",",
            paramLabel = "DIR",
            description = "Measure how fast the samples of this directory load, with the augmentation of --recipe.")
    List<Path> data = List.of();

    @Option(
            names = "--files-per-second",
            split = ",",
            paramLabel = "F",
            description = "Samples that one core loads per second, if already measured.")
    List<Double> filesPerSecond = List.of();

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Cores of a process that load samples (default: the recipe's workers).")
    int workers;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "How many seconds --data measures (default: ${DEFAULT-VALUE}).")
    double seconds = 10;

    void check() {
        checkCall(recipes.isEmpty() == (megabytes > 0), "give either --gradient-mb or --recipe");
        checkCall(batches.stream().allMatch(batch -> batch >= 1), "--batch must be 1 or more");
        checkCall(samples.stream().allMatch(count -> count >= 1), "--samples must be 1 or more");
        checkCall(workers >= 0 && workers <= 256, "--workers must be 1 to 256, got %d", workers);
        checkCall(
                seconds > 0 && seconds <= LONGEST,
                "--seconds must be above 0 and at most %.0f, got %s",
                LONGEST,
                seconds);
        checkCall(
                !recipes.isEmpty() || (data.isEmpty() && filesPerSecond.isEmpty() && workers == 0),
                "--data, --files-per-second and --workers need --recipe");
        checkCall(
                data.isEmpty() || filesPerSecond.isEmpty(),
                "--data measures the rate that --files-per-second gives: use only one of them");
        checkCall(samples.isEmpty() || !batches.isEmpty() || !recipes.isEmpty(), "--samples needs --batch or --recipe");
        checkCall(
                filesPerSecond.stream().allMatch(rate -> rate > 0 && rate < 1e6),
                "--files-per-second must be more than 0");
        requireOneForEach("--step-ms", steps);
        requireOneForEach("--batch", batches);
        requireOneForEach("--samples", samples);
        requireOneForEach("--data", data);
        requireOneForEach("--files-per-second", filesPerSecond);
    }

    private void requireOneForEach(String option, List<?> values) {
        checkCall(
                values.size() <= 1 || values.size() == count(),
                "%s has %d values: give one, or one for each of %d trainings",
                option,
                values.size(),
                count());
    }

    /** Returns the number of trainings. */
    int count() {
        return Math.max(1, recipes.size());
    }

    private static <T> Optional<T> at(List<T> values, int index) {
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() == 1 ? 0 : index));
    }

    /** Returns the trainings; with {@code --data}, it first measures how fast their samples load. */
    List<PlannedWork> planned(Output output) {
        if (recipes.isEmpty()) {
            return List.of(PlannedWork.measured(
                    steps.get(0),
                    megabytes,
                    at(batches, 0).orElse(0),
                    at(samples, 0).orElse(0L)));
        }
        List<PlannedWork> planned = new ArrayList<>();
        for (int i = 0; i < recipes.size(); i++) {
            planned.add(planned(i, output));
        }
        return planned;
    }

    private PlannedWork planned(int index, Output output) {
        String name = recipes.get(index);
        Recipe named = WrongCallException.check(() -> Recipes.named(name));
        Optional<Integer> batch = at(batches, index);
        Recipe recipe = WrongCallException.check(() -> {
            Recipe changed = batch.isPresent() ? named.with("batch_size", String.valueOf(batch.get())) : named;
            return workers > 0 ? changed.with("workers", String.valueOf(workers)) : changed;
        });
        Workload load = WrongCallException.check(() -> Workload.of(recipe));
        double rate = at(data, index)
                .map(directory -> measured(name, recipe, load, directory, output))
                .or(() -> at(filesPerSecond, index))
                .orElse(0.0);
        return PlannedWork.of(
                name, load, at(steps, index).orElseThrow(), at(samples, index).orElse(0L), rate);
    }

    private double measured(String name, Recipe recipe, Workload load, Path directory, Output output) {
        Dataset dataset =
                recipe.task() == Recipe.Task.MAE ? Datasets.openUnlabelled(directory) : Datasets.open(directory);
        LoadingSpeed speed = LoadingSpeed.measure(recipe, load.model(), dataset.train(), seconds);
        output.note(String.format(
                Locale.ROOT,
                "%s: loading %s: %d samples in %.1f s of one core, %.1f per second",
                name,
                directory,
                speed.samples(),
                speed.coreSeconds(),
                speed.perCore()));
        return speed.perCore();
    }
}
