package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleTransform;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.evaluate.EvaluationMethod;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.report.ClassesPanel;
import io.github.hiera4j.train.report.CurvesPanel;
import io.github.hiera4j.train.report.ReconstructionsPanel;
import io.github.hiera4j.train.report.ReportPanel;
import io.github.hiera4j.train.report.ReportSubject;
import io.github.hiera4j.train.report.RunReport;
import io.github.hiera4j.train.report.SamplesPanel;
import io.github.hiera4j.train.report.SectionPanel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: the entry point for programs.
 *
 * <pre>{@code
 * Trainer.Result result = Trainer.of(Recipes.named("small-finetune"))
 *         .data(Path.of("pictures"))
 *         .start(Path.of("pretrained/model"))
 *         .out(Path.of("runs/tuned"))
 *         .run();
 * }</pre>
 *
 * <p>A run keeps everything in its directory: checkpoints, figures, the model, a report. Not thread-safe.
 */
public final class Trainer {
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
    private String command = "Trainer";
    private List<String> arguments = List.of();
    private @Nullable String recipeName;
    private final List<ReportPanel> panels = new ArrayList<>(
            List.of(new CurvesPanel(), new ReconstructionsPanel(), new ClassesPanel(), new SamplesPanel()));
    private @Nullable Dataset dataset;
    private @Nullable Path dataPath;
    private @Nullable Path startPath;
    private boolean startAveraged;
    private @Nullable WeightSource start;
    private Function<Dataset, Objective> objective;
    private UnaryOperator<TrainingMethod> changes = UnaryOperator.identity();

    private Trainer(Recipe recipe) {
        this.recipe = recipe;
        this.objective = data -> switch (recipe.task()) {
            case MAE -> new MaeObjective(recipe.model());
            case CLASSIFY ->
                new ClassifyObjective(
                        recipe.model(),
                        recipe.augmentation().mixing(),
                        data.classNames().size());
            case DETECT ->
                throw new io.github.hiera4j.model.HieraException(
                        "a recipe for detectors needs an objective: use DetectTraining, or hiera detect-train");
            case ACTIONS ->
                throw new io.github.hiera4j.model.HieraException(
                        "a recipe for actions needs an objective: use ActionTraining, or hiera actions-train");
        };
    }

    /** A training by a recipe; {@link #data} and {@link #out} are needed too. */
    public static Trainer of(Recipe recipe) {
        return new Trainer(recipe);
    }

    /** The samples. */
    public Trainer data(Dataset samples) {
        dataset = samples;
        return this;
    }

    /** The samples, and where they are from, for the run's manifest. */
    public Trainer data(Dataset samples, Path directory) {
        dataset = samples;
        dataPath = directory;
        return this;
    }

    /** A data set in one of the layouts of {@link Datasets}: a directory, or a list of files. */
    public Trainer data(Path directory) {
        dataPath = directory;
        dataset = null;
        return this;
    }

    /** Starts with the weights of a checkpoint as far as they fit; a resumed run does not read them. */
    public Trainer start(Path checkpoint) {
        return start(checkpoint, false);
    }

    /**
     * Starts with the weights of a checkpoint as far as they fit; a resumed run does not read them.
     *
     * @param averaged true for the averaged weights (an exponential moving average, a teacher), which the checkpoint must have
     */
    public Trainer start(Path checkpoint, boolean averaged) {
        startPath = checkpoint;
        startAveraged = averaged;
        return this;
    }

    /** Starts with these weights, one for each parameter of the objective's graph; the caller closes them. */
    public Trainer start(WeightSource weights) {
        start = weights;
        return this;
    }

    /** The directory of the run; it is made if need be. */
    public Trainer out(Path directory) {
        out = directory;
        return this;
    }

    /** What to do with a run that the directory already holds; by default it is refused. */
    public Trainer existing(Existing what) {
        existing = what;
        return this;
    }

    /** What is trained; by default what the recipe's task says. */
    public Trainer objective(Objective chosen) {
        objective = data -> chosen;
        return this;
    }

    /** Other learning rates than the recipe's. */
    public Trainer schedule(TrainingMethod.ScheduleChoice schedule) {
        return change(method -> method.withSchedule(schedule));
    }

    /** Other groups of parameters for the optimiser than layer decay gives. */
    public Trainer grouping(TrainingMethod.Grouping grouping) {
        return change(method -> method.withGrouping(grouping));
    }

    /** Another augmentation than the recipe's; it must be safe from several threads. */
    public Trainer augmentation(SampleTransform transform) {
        return change(method -> method.withAugmentation(transform));
    }

    /** Another evaluation than that of the objective. */
    public Trainer evaluation(EvaluationMethod evaluation) {
        return change(method -> method.withEvaluation(evaluation));
    }

    private Trainer change(UnaryOperator<TrainingMethod> change) {
        UnaryOperator<TrainingMethod> before = changes;
        changes = method -> change.apply(before.apply(method));
        return this;
    }

    /** Receives figures and notes. */
    public Trainer progress(Progress receiver) {
        progress = receiver;
        return this;
    }

    /** Asks the run to save and end. */
    public Trainer stop(StopSignal signal) {
        stop = signal;
        return this;
    }

    /**
     * Trains together with other processes, which do the same. The recipe's {@code batch_size} is that of each process. All need the
     * same data; the first process writes the run's directory.
     */
    public Trainer processes(TrainingProcesses group) {
        return processes(group.group());
    }

    Trainer processes(ProcessGroup group) {
        recipe = recipe.acrossProcesses(group.size());
        processes = group;
        return this;
    }

    /** What the manifest says the run was started by. */
    public Trainer command(String name) {
        command = name;
        return this;
    }

    /** The arguments of {@link #command}, for the manifest and the report. */
    public Trainer arguments(List<String> typed) {
        arguments = List.copyOf(typed);
        return this;
    }

    /** What the manifest calls the recipe; by default the row of the table that it differs least from. */
    public Trainer recipeName(String name) {
        recipeName = name;
        return this;
    }

    /** Adds a section to the end of the report. */
    public Trainer panel(ReportPanel panel) {
        panels.add(panel);
        return this;
    }

    /**
     * How a training ended.
     *
     * @param outcome whether it is complete, its steps, its last evaluation
     * @param model the directory of the trained model; it exists if the training is complete
     * @param report the page about the run; it exists if the training is complete
     */
    public record Result(TrainingRun.Outcome outcome, Path model, Path report) {}

    /**
     * Trains to the end, or until the stop signal. A resumed run that is complete is left as it is.
     *
     * @throws io.github.hiera4j.model.HieraException if the data, the start weights or the directory cannot be used, or if training
     *     fails; the message says what to do
     */
    public Result run() {
        if (!processes.isFirst()) {
            progress = Progress.SILENT; // the first process speaks for all
        }
        RunDirectory directory = processes.isFirst() ? RunDirectory.open(out) : RunDirectory.ofOther(out);
        try (RunDirectory.Lock lock = directory.lock()) {
            if (existing == Existing.REFUSE && processes.isFirst()) {
                directory.requireUnused();
            }
            Dataset samples = samples();
            Objective target = objective.apply(samples);
            TrainingMethod method = changes.apply(TrainingMethod.of(recipe, target));
            try (WeightSource weights = startWeights(target);
                    TrainingRun run = new TrainingRun(
                            recipe, samples, target, method, weights, directory, progress, stop, processes)) {
                return run(run, directory, samples, target);
            }
        }
    }

    private Result run(TrainingRun run, RunDirectory directory, Dataset samples, Objective target) {
        Path report = directory.file("report.html");
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
                command,
                arguments,
                recipeName != null ? recipeName : Recipes.nameOf(recipe),
                Optional.ofNullable(startPath));
        Manifest manifest = Manifest.begin(
                directory,
                recipe,
                samples,
                Optional.ofNullable(dataPath),
                call,
                existing == Existing.RESUME,
                processes.size());
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
            RunReport.write(report, subject, call.line(), all);
        }
        return new Result(outcome, directory.file("model"), report);
    }

    private Dataset samples() {
        check(dataset != null || dataPath != null, "training needs data");
        boolean pretrains = recipe.task() == Recipe.Task.MAE;
        Dataset samples = dataset != null ? dataset : open(Objects.requireNonNull(dataPath), pretrains);
        String classes = samples.isLabelled() ? " of " + samples.classNames().size() + " classes" : "";
        progress.note(String.format(
                Locale.ROOT,
                "%s: %d training and %d held-out samples%s%s",
                samples.name(),
                samples.train().size(),
                samples.validation().size(),
                classes,
                pretrains ? "; pretraining uses no labels" : ""));
        if (ProcessorPrecision.isEmulated(recipe.run())) {
            progress.note("bfloat16 is emulated here, many times slower: use --set precision=float32");
        }
        progress.note("held out: " + samples.heldOut());
        return samples;
    }

    private static Dataset open(Path path, boolean pretrains) {
        return pretrains ? Datasets.openUnlabelled(path) : Datasets.open(path);
    }

    private WeightSource startWeights(Objective target) {
        if (start != null && existing != Existing.RESUME) {
            return new DerivedWeights(start) {
                @Override
                public void close() {} // the caller's
            };
        }
        if (startPath != null && existing != Existing.RESUME) {
            Optional<WeightSource> own =
                    target.startWeights(startPath, startAveraged, recipe.run().seed());
            if (own.isPresent()) {
                return own.get();
            }
            StartWeights weights = StartWeights.open(
                    target.config(), startPath, startAveraged, recipe.run().seed());
            weights.notes().forEach(progress::note);
            return weights;
        }
        return target.initialWeights(recipe.run().seed());
    }
}
