package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.train.agreement.ProcessAgreement;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleTransform;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.evaluate.EvaluationMethod;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.report.ReportPanel;
import io.github.hiera4j.train.report.ReportSubject;
import io.github.hiera4j.train.report.RunReport;
import io.github.hiera4j.train.report.SectionPanel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model. This is the entry point for programs.
 *
 * <pre>{@code
 * Trainer.Result result = Trainer.of(Recipes.named("small-finetune"))
 *         .data(Path.of("pictures"))
 *         .start(Path.of("pretrained/model"))
 *         .out(Path.of("runs/tuned"))
 *         .run();
 * }</pre>
 *
 * <p>A run writes everything to its directory: checkpoints, figures, the model, a report. Not thread-safe.
 */
public final class Trainer {
    /** The maximum number of steps in a trace. */
    public static final int MOST_TRACED_STEPS = 100;

    /** What to do with a run that the directory already holds. */
    public enum Existing {
        /** Fail. */
        REFUSE,
        /** Continue it from its newest checkpoint. */
        RESUME,
        /** Delete it. */
        OVERWRITE
    }

    private Recipe recipe;
    private Path out = Path.of("run");
    private Existing existing = Existing.REFUSE;
    private Progress progress = Progress.SILENT;
    private StopSignal stop = new StopSignal();
    private ProcessGroup processes = ProcessGroup.alone();
    private int tracedSteps;
    private String command = "Trainer";
    private List<String> arguments = List.of();
    private @Nullable String recipeName;
    private final List<ReportPanel> panels = new ArrayList<>(RunReport.standardPanels());
    private final TrainerSources sources;
    private Function<Dataset, Objective> objective;
    private UnaryOperator<TrainingMethod> changes = UnaryOperator.identity();

    private Trainer(Recipe recipe) {
        this.recipe = recipe;
        this.sources = new TrainerSources(recipe);
        this.objective = data -> TrainerSources.objective(recipe, data);
    }

    /**
     * Starts describing a training; {@link #data} and {@link #out} are required, everything else has a default.
     *
     * @param recipe all settings of the training: a row of {@code Recipes}, changed by {@link Recipe#with}
     * @return a trainer that has not read or written anything yet
     */
    public static Trainer of(Recipe recipe) {
        return new Trainer(recipe);
    }

    /**
     * Trains on samples that the caller has opened.
     *
     * @param samples training and held-out samples; labels are needed unless the recipe pretrains
     * @return this trainer
     */
    public Trainer data(Dataset samples) {
        sources.data(samples, null);
        return this;
    }

    /**
     * Trains on samples that the caller has opened, and notes their origin in the run's manifest.
     *
     * @param samples training and held-out samples; labels are needed unless the recipe pretrains
     * @param directory the directory or list that the samples come from
     * @return this trainer
     */
    public Trainer data(Dataset samples, Path directory) {
        sources.data(samples, directory);
        return this;
    }

    /**
     * Trains on a data set in one of the layouts of {@link Datasets}. It is opened by {@link #run}.
     *
     * @param directory a directory, or a list of files
     * @return this trainer
     */
    public Trainer data(Path directory) {
        sources.data(null, directory);
        return this;
    }

    /**
     * Starts with the weights of a checkpoint where they fit; a resumed run does not read them.
     *
     * @param checkpoint a weight file or a directory with one
     * @return this trainer
     */
    public Trainer start(Path checkpoint) {
        return start(checkpoint, false);
    }

    /**
     * Starts with the weights of a checkpoint where they fit; a resumed run does not read them.
     *
     * @param checkpoint a weight file or a directory with one
     * @param averaged true for the averaged weights (an exponential moving average, a teacher), which the checkpoint must have
     * @return this trainer
     */
    public Trainer start(Path checkpoint, boolean averaged) {
        sources.start(checkpoint, averaged);
        return this;
    }

    /**
     * Starts with these weights, one for each parameter of the objective's graph; the caller closes them.
     *
     * @param weights a tensor of the right name and shape for each parameter of the objective's graph
     * @return this trainer
     */
    public Trainer start(WeightSource weights) {
        sources.start(weights);
        return this;
    }

    /**
     * Sets the directory of the run, which contains checkpoints, metrics, the model and the report. It is created if missing.
     *
     * @param directory the run's directory, used by no other run
     * @return this trainer
     */
    public Trainer out(Path directory) {
        out = directory;
        return this;
    }

    /**
     * Sets what happens to a run that the directory already holds; {@link Existing#REFUSE} by default.
     *
     * @param what whether to fail, to continue it or to delete it
     * @return this trainer
     */
    public Trainer existing(Existing what) {
        existing = what;
        return this;
    }

    /**
     * Sets the objective; by default that of the recipe's task.
     *
     * @param chosen a graph with a scalar loss, its feeds and its figures
     * @return this trainer
     */
    public Trainer objective(Objective chosen) {
        objective = data -> chosen;
        return this;
    }

    /**
     * Replaces the recipe's schedule of learning rates.
     *
     * @param schedule from the number of steps, in total and per epoch, to a rate for every step
     * @return this trainer
     */
    public Trainer schedule(TrainingMethod.ScheduleChoice schedule) {
        return change(method -> method.withSchedule(schedule));
    }

    /**
     * Replaces the optimiser's groups of parameters, which by default follow the recipe's layer decay.
     *
     * @param grouping from parameters to groups, each with a factor on the learning rate and a weight decay
     * @return this trainer
     */
    public Trainer grouping(TrainingMethod.Grouping grouping) {
        return change(method -> method.withGrouping(grouping));
    }

    /**
     * Replaces the recipe's augmentation.
     *
     * @param transform turns decoded frames into normalised pixels {@code [3, (T,) H, W]}; called from several threads at once
     * @return this trainer
     */
    public Trainer augmentation(SampleTransform transform) {
        return change(method -> method.withAugmentation(transform));
    }

    /**
     * Replaces the objective's evaluation.
     *
     * @param evaluation computes figures and a score, larger is better, on held-out samples after an epoch
     * @return this trainer
     */
    public Trainer evaluation(EvaluationMethod evaluation) {
        return change(method -> method.withEvaluation(evaluation));
    }

    private Trainer change(UnaryOperator<TrainingMethod> change) {
        UnaryOperator<TrainingMethod> before = changes;
        changes = method -> change.apply(before.apply(method));
        return this;
    }

    /**
     * Reports progress while training; nothing is reported by default.
     *
     * @param receiver called with figures and one-line notes on the thread that calls {@link #run}
     * @return this trainer
     */
    public Trainer progress(Progress receiver) {
        progress = receiver;
        return this;
    }

    /**
     * Sets a signal that ends the run early: the run then finishes its step, saves a checkpoint and returns.
     *
     * @param signal may be set from any thread; read after every step
     * @return this trainer
     */
    public Trainer stop(StopSignal signal) {
        stop = signal;
        return this;
    }

    /**
     * Trains together with other processes, which run the same training. The recipe's {@code batch_size} is that of each process. All
     * processes need the same data; the first one writes the run's directory.
     *
     * @param group this process and its peers, which must outlive {@link #run}
     * @return this trainer
     */
    public Trainer processes(TrainingProcesses group) {
        return processes(group.group());
    }

    Trainer processes(ProcessGroup group) {
        recipe = recipe.acrossProcesses(group.size());
        processes = group;
        return this;
    }

    /**
     * Records when each process computes, waits and exchanges gradients, in some steps from the fourth one on. The run's directory then
     * contains {@code trace.json}, for the trace viewers of Chrome and Perfetto, and {@code trace.svg}, a picture of the last of these
     * steps.
     *
     * @param steps the number of steps, 0 to {@value #MOST_TRACED_STEPS}; 0, the default, records nothing
     * @return this trainer
     * @throws HieraException if the number is out of range
     */
    public Trainer trace(int steps) {
        check(steps >= 0 && steps <= MOST_TRACED_STEPS, "a trace has 0 to %d steps, got %d", MOST_TRACED_STEPS, steps);
        tracedSteps = steps;
        return this;
    }

    /**
     * Sets the name of the program that the manifest records.
     *
     * @param name a command such as {@code finetune}
     * @return this trainer
     */
    public Trainer command(String name) {
        command = name;
        return this;
    }

    /**
     * Sets the arguments of {@link #command} that the manifest and the report record.
     *
     * @param typed one string per argument, unquoted
     * @return this trainer
     */
    public Trainer arguments(List<String> typed) {
        arguments = List.copyOf(typed);
        return this;
    }

    /**
     * Sets the recipe's name in the manifest; by default the row of {@code Recipes} with the fewest differences.
     *
     * @param name the recipe's name
     * @return this trainer
     */
    public Trainer recipeName(String name) {
        recipeName = name;
        return this;
    }

    /**
     * Adds a section to the end of the report.
     *
     * @param panel writes the section once the run is complete
     * @return this trainer
     */
    public Trainer panel(ReportPanel panel) {
        panels.add(panel);
        return this;
    }

    /**
     * The result of a training run.
     *
     * @param outcome whether it is complete, its steps, its last evaluation
     * @param model the directory of the trained model; it exists if the training is complete
     * @param report the report of the run; it exists if the training is complete
     */
    public record Result(TrainingRun.Outcome outcome, Path model, Path report) {}

    /**
     * Trains to the end, or until the stop signal. A resumed run that is complete is not changed.
     *
     * @return the result
     * @throws io.github.hiera4j.model.HieraException if the data, the start weights or the directory cannot be used, or if training
     *     fails; the message says what to do
     */
    public Result run() {
        if (!processes.isFirst()) {
            progress = Progress.SILENT; // only the first process reports
        }
        RunDirectory directory = processes.isFirst() ? RunDirectory.open(out) : RunDirectory.ofOther(out);
        try (RunDirectory.Lock lock = directory.lock()) {
            if (existing == Existing.REFUSE && processes.isFirst()) {
                directory.requireUnused();
            }
            ProcessAgreement agreement = new ProcessAgreement(processes);
            Dataset samples = agreement.prepare(() -> sources.samples(progress));
            agreement.require(recipe, samples);
            Objective target = objective.apply(samples);
            TrainingMethod method = changes.apply(TrainingMethod.of(recipe, target));
            try (WeightSource weights = sources.weights(target, existing == Existing.RESUME, progress);
                    TrainingRun run = new TrainingRun(
                            recipe, samples, target, method, weights, directory, progress, stop, processes)) {
                return run(run, directory, samples, target);
            }
        }
    }

    private Result run(TrainingRun run, RunDirectory directory, Dataset samples, Objective target) {
        Path report = directory.file("report.html");
        run.recordTrace(tracedSteps);
        if (existing == Existing.RESUME) {
            run.resume();
        } else if (processes.isFirst()) {
            directory.clear();
        }
        if (run.isComplete()) {
            progress.note(directory.root() + ": this run is complete; raise epochs to train longer");
            return new Result(run.run(), directory.file("model"), report);
        }
        if (!processes.isFirst()) {
            return new Result(run.run(), directory.file("model"), report);
        }
        Manifest.Call call = new Manifest.Call(
                command, arguments, recipeName != null ? recipeName : Recipes.nameOf(recipe), sources.startPath());
        Manifest manifest = Manifest.begin(
                directory, recipe, samples, sources.dataPath(), call, existing == Existing.RESUME, processes.size());
        TrainingRun.Outcome outcome = run.run();
        manifest.end(directory.root(), outcome);
        if (outcome.complete()) {
            ReportSubject subject = new ReportSubject(
                    recipe,
                    target.encoder(),
                    samples,
                    directory.file("model"),
                    Optional.of(directory.root()),
                    outcome.evaluation());
            List<ReportPanel> all = new ArrayList<>(panels);
            all.add(new SectionPanel(outcome.sections()));
            RunReport.write(report, subject, call.recipeName(), call.line(), all);
        }
        return new Result(outcome, directory.file("model"), report);
    }
}
