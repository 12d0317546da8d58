package io.github.hiera4j.cli.train;

import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import io.github.hiera4j.train.run.TrainingProcesses;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Performs a training run for the training commands, from options to exit code. */
final class Training {
    private static final int STOPPED = 130;

    private Training() {}

    /** Runs to the end, or until Ctrl-C. */
    static int run(
            Trainer trainer,
            Recipe recipe,
            @Nullable String recipeName,
            Path out,
            RunOptions options,
            CommandSpec spec) {
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new ProgressLine(err, recipe.effectiveBatch() * TrainingProcesses.count(System.getenv()));
        StopSignal stop = new StopSignal();
        trainer.out(out)
                .existing(existing(options))
                .progress(progress)
                .stop(stop)
                .command(spec.name())
                .arguments(EvaluationOutput.typed(spec));
        if (recipeName != null) {
            trainer.recipeName(recipeName);
        }
        WrongCallException.check(() -> trainer.trace(options.trace));
        if (options.from != null) {
            trainer.start(options.from, options.ema);
        }
        TrainingProcesses.requireDevice(recipe);
        TrainingProcesses.limitThreads(recipe);
        try (Interruption.Handle asked = Interruption.onRequest(() -> request(stop, progress));
                TrainingProcesses group = TrainingProcesses.join(System.getenv())) {
            Trainer.Result result = trainer.processes(group).run();
            if (options.json && group.isFirst()) {
                print(result, out, spec);
            }
            if (!result.outcome().complete()) {
                note(
                        group,
                        progress,
                        "stopped after step " + result.outcome().steps() + "; rerun with --resume to continue");
                return STOPPED;
            }
            note(group, progress, "model:  " + result.model());
            note(group, progress, "report: " + result.report());
            return 0;
        }
    }

    private static void print(Trainer.Result result, Path out, CommandSpec spec) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("run", out.toString());
        object.put("model", result.model().toString());
        object.put("report", result.report().toString());
        object.put("complete", result.outcome().complete());
        object.put("steps", result.outcome().steps());
        object.put("figures", result.outcome().figures());
        new Output(spec).json(object);
    }

    private static void note(TrainingProcesses group, Progress progress, String text) {
        if (group.isFirst()) {
            progress.note(text);
        }
    }

    private static Trainer.Existing existing(RunOptions options) {
        if (options.resumes()) {
            return Trainer.Existing.RESUME;
        }
        return options.overwrite ? Trainer.Existing.OVERWRITE : Trainer.Existing.REFUSE;
    }

    private static void request(StopSignal stop, Progress progress) {
        stop.request();
        progress.note("stopping after this step; a second Ctrl-C stops at once, without saving");
    }
}
