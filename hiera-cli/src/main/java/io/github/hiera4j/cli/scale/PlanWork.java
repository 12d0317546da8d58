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

/** What is trained: measured figures alone, or one or more recipes. Lists have an element for each recipe, or one for all. */
final class PlanWork {
    private static final double LONGEST = 600;

    @Option(
            names = "--recipe",
            split = ",",
            paramLabel = "NAME",
            description = "Trainings to plan: parameters, batch, epochs and memory are those of the recipes. Further"
                    + " options then take a value for each recipe, or one for all.")
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
            description = "Size of the sum: 4 bytes per parameter; follows from --recipe.")
    double megabytes;

    @Option(
            names = {"-b", "--batch"},
            split = ",",
            paramLabel = "N",
            description = "Samples of a step and process: shows samples per second.")
    List<Integer> batches = List.of();

    @Option(
            names = "--samples",
            split = ",",
            paramLabel = "N",
            description = "Samples of the data set: shows hours of an epoch.")
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
            description = "Samples that one core loads in a second, where they were measured before.")
    List<Double> filesPerSecond = List.of();

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Cores of a process that load samples (default: the recipe's workers).")
    int workers;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Seconds of measuring --data (default: ${DEFAULT-VALUE}).")
    double seconds = 10;

    void check() {
        checkCall(recipes.isEmpty() == (megabytes > 0), "give --gradient-mb or --recipe");
        checkCall(batches.stream().allMatch(batch -> batch >= 1), "--batch must be 1 or more");
        checkCall(samples.stream().allMatch(count -> count >= 1), "--samples must be 1 or more");
        checkCall(workers >= 0 && workers <= 256, "--workers must be 1 to 256, got %d", workers);
        checkCall(seconds > 0 && seconds <= LONGEST, "--seconds must be up to %.0f, got %s", LONGEST, seconds);
        checkCall(
                !recipes.isEmpty() || (data.isEmpty() && filesPerSecond.isEmpty() && workers == 0),
                "--data, --files-per-second and --workers need --recipe");
        checkCall(data.isEmpty() || filesPerSecond.isEmpty(), "--data measures what --files-per-second says: give one");
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

    /** How many trainings there are. */
    int count() {
        return Math.max(1, recipes.size());
    }

    private static <T> Optional<T> at(List<T> values, int index) {
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() == 1 ? 0 : index));
    }

    /** Measures what is to be measured. */
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
                "%s: loading %s: %d samples in %.1f s of one core: %.1f a second",
                name,
                directory,
                speed.samples(),
                speed.coreSeconds(),
                speed.perCore()));
        return speed.perCore();
    }
}
