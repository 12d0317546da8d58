package io.github.hiera4j.train.run;

import io.github.hiera4j.model.HieraException;
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
import io.github.hiera4j.train.report.ReconstructionStripPanel;
import io.github.hiera4j.train.report.ReconstructionsPanel;
import io.github.hiera4j.train.report.ReportPanel;
import io.github.hiera4j.train.report.ReportSubject;
import io.github.hiera4j.train.report.RunReport;
import io.github.hiera4j.train.report.SamplesPanel;
import io.github.hiera4j.train.report.SectionPanel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    private final List<ReportPanel> panels = new ArrayList<>(List.of(
            new CurvesPanel(),
            new ReconstructionsPanel(),
            new ReconstructionStripPanel(),
            new ClassesPanel(),
            new SamplesPanel()));
    private final TrainerSources sources;
    private Function<Dataset, Objective> objective;
    private UnaryOperator<TrainingMethod> changes = UnaryOperator.identity();

    private Trainer(Recipe recipe) {
        this.recipe = recipe;
        this.sources = new TrainerSources(recipe);
        this.objective = data -> switch (recipe.task()) {
            case MAE -> new MaeObjective(recipe.model());
            case CLASSIFY ->
                new ClassifyObjective(
                        recipe.model(),
                        recipe.augmentation().mixing(),
                        data.classNames().size());
            case DETECT ->
                throw new HieraException(
                        "a recipe for detectors needs an objective: use DetectTraining, or hiera detect-train");
            case ACTIONS ->
                throw new HieraException(
                        "a recipe for actions needs an objective: use ActionTraining, or hiera actions-train");
        };
    }

    /**
     * {@return a training by a recipe; {@link #data} and {@link #out} are needed too}
     *
     * @param recipe all settings of the training
     */
    public static Trainer of(Recipe recipe) {
        return new Trainer(recipe);
    }

    /**
     * {@return the samples}
     *
     * @param samples training and held-out samples
     */
    public Trainer data(Dataset samples) {
        sources.data(samples, null);
        return this;
    }

    /**
     * {@return the samples, and where they are from, for the run's manifest}
     *
     * @param samples training and held-out samples
     * @param directory the directory
     */
    public Trainer data(Dataset samples, Path directory) {
        sources.data(samples, directory);
        return this;
    }

    /**
     * {@return a data set in one of the layouts of {@link Datasets}: a directory, or a list of files}
     *
     * @param directory the directory
     */
    public Trainer data(Path directory) {
        sources.data(null, directory);
        return this;
    }

    /**
     * Starts with the weights of a checkpoint as far as they fit; a resumed run does not read them.
     *
     * @param checkpoint a weight file or a directory with one
     * @return this trainer
     */
    public Trainer start(Path checkpoint) {
        return start(checkpoint, false);
    }

    /**
     * Starts with the weights of a checkpoint as far as they fit; a resumed run does not read them.
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
     * @param weights one for each parameter of the objective's graph
     * @return this trainer
     */
    public Trainer start(WeightSource weights) {
        sources.start(weights);
        return this;
    }

    /**
     * {@return the directory of the run; it is made if need be}
     *
     * @param directory the directory
     */
    public Trainer out(Path directory) {
        out = directory;
        return this;
    }

    /**
     * {@return what to do with a run that the directory already holds; by default it is refused}
     *
     * @param what what to do with it
     */
    public Trainer existing(Existing what) {
        existing = what;
        return this;
    }

    /**
     * {@return what is trained; by default what the recipe's task says}
     *
     * @param chosen what is trained
     */
    public Trainer objective(Objective chosen) {
        objective = data -> chosen;
        return this;
    }

    /**
     * Other learning rates than the recipe's.
     *
     * @param schedule the learning rates
     * @return this trainer
     */
    public Trainer schedule(TrainingMethod.ScheduleChoice schedule) {
        return change(method -> method.withSchedule(schedule));
    }

    /**
     * Other groups of parameters for the optimiser than layer decay gives.
     *
     * @param grouping which parameters learn how fast and which decay
     * @return this trainer
     */
    public Trainer grouping(TrainingMethod.Grouping grouping) {
        return change(method -> method.withGrouping(grouping));
    }

    /**
     * Another augmentation than the recipe's; it must be safe from several threads.
     *
     * @param transform turns frames into pixels; safe from several threads
     * @return this trainer
     */
    public Trainer augmentation(SampleTransform transform) {
        return change(method -> method.withAugmentation(transform));
    }

    /**
     * Another evaluation than that of the objective.
     *
     * @param evaluation how the model is evaluated between epochs
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
     * Receives figures and notes.
     *
     * @param receiver gets figures and notes
     * @return this trainer
     */
    public Trainer progress(Progress receiver) {
        progress = receiver;
        return this;
    }

    /**
     * Asks the run to save and end.
     *
     * @param signal asked after every step
     * @return this trainer
     */
    public Trainer stop(StopSignal signal) {
        stop = signal;
        return this;
    }

    /**
     * Trains together with other processes, which do the same. The recipe's {@code batch_size} is that of each process. All need the
     * same data; the first process writes the run's directory.
     *
     * @param group the processes
     * @return this
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
     * {@return what the manifest says the run was started by}
     *
     * @param name the name
     */
    public Trainer command(String name) {
        command = name;
        return this;
    }

    /**
     * {@return the arguments of {@link #command}, for the manifest and the report}
     *
     * @param typed as they were typed
     */
    public Trainer arguments(List<String> typed) {
        arguments = List.copyOf(typed);
        return this;
    }

    /**
     * {@return what the manifest calls the recipe; by default the row of the table that it differs least from}
     *
     * @param name the name
     */
    public Trainer recipeName(String name) {
        recipeName = name;
        return this;
    }

    /**
     * Adds a section to the end of the report.
     *
     * @param panel the section
     * @return this trainer
     */
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
     * @return how it ended
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
            Dataset samples = sources.samples(progress);
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
