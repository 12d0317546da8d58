package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.Datasets;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.RunDirectory;
import io.github.hiera4j.train.run.RunFiles;
import io.github.hiera4j.train.run.StartWeights;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.TrainingRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the training commands share: a run from options to report. */
final class Training {
    private Training() {}

    /** Runs to the end, or until Ctrl-C. */
    static int run(Recipe recipe, RunOptions options, String command, PrintWriter err) {
        Progress progress = new ProgressLine(err, recipe.effectiveBatch());
        Dataset dataset = Datasets.open(options.data);
        progress.note(String.format(
                Locale.ROOT,
                "%s: %d training and %d held-out samples of %d classes",
                options.data,
                dataset.train().size(),
                dataset.validation().size(),
                dataset.classNames().size()));
        Objective objective = recipe.task() == Recipe.Task.MAE
                ? new MaeObjective(recipe)
                : new ClassifyObjective(recipe, dataset.classNames().size());
        StopSignal stop = new StopSignal();
        RunDirectory directory = RunDirectory.open(options.out);
        if (!options.resume && !options.overwrite) {
            directory.requireUnused();
        }
        try (Interruption.Handle asked = Interruption.onRequest(() -> request(stop, progress));
                WeightSource start = start(objective, options.from, recipe.seed(), progress);
                TrainingRun run = new TrainingRun(recipe, dataset, objective, start, directory, progress, stop)) {
            if (options.resume) {
                run.resume();
            } else {
                directory.clear();
            }
            RunFiles.writeManifest(directory, recipe, dataset, command);
            TrainingRun.Outcome outcome = run.run();
            if (!outcome.complete()) {
                progress.note("stopped behind step " + outcome.steps() + "; go on with the same command and --resume");
                return 130;
            }
            Path report = RunFiles.writeReport(directory, recipe, dataset, objective, run, outcome);
            progress.note("model:  " + directory.file("model"));
            progress.note("report: " + report);
            return 0;
        }
    }

    private static void request(StopSignal stop, Progress progress) {
        stop.request();
        progress.note("stopping behind this step; a second Ctrl-C stops at once, without saving");
    }

    private static WeightSource start(Objective objective, @Nullable Path from, long seed, Progress progress) {
        if (from == null) {
            return Initialization.of(objective.config(), seed);
        }
        StartWeights weights = StartWeights.of(objective.config(), Checkpoint.open(from), seed);
        weights.notes().forEach(progress::note);
        return weights;
    }
}
