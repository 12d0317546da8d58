package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.BatchRows;
import io.github.hiera4j.train.data.CachedSource;
import io.github.hiera4j.train.data.DamagedFiles;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.metrics.ReportSection;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.LearningRate;
import io.github.hiera4j.train.recipe.OptimisationSettings;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RunSettings;
import io.github.hiera4j.train.report.ReconstructionStrip;
import io.github.hiera4j.train.trace.StepRecorder;
import io.github.hiera4j.train.trace.TraceFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One training run from its first step, or from its newest checkpoint, to its end.
 *
 * <p>Every random choice follows from the recipe's seed and the position, so a run that was interrupted anywhere and resumed ends
 * with the same bits as one that was not, on the same machine with as many threads.
 *
 * <p>Several processes can make one run together. Each works on some rows of every batch, so that losses and weights are those of one
 * process up to rounding; the first of them writes files.
 */
public final class TrainingRun implements AutoCloseable {
    private final Recipe recipe;
    private final OptimisationSettings optimisation;
    private final RunSettings settings;
    private final RunDirectory directory;
    private final Progress progress;
    private final StopSignal stop;
    private final TorchTrainer trainer;
    private final BatchLoader loader;
    private final BatchLoader.Plan trainPlan;
    private final SampleSource heldOut;
    private final int stepsPerEpoch;
    private final long steps;
    private final TrainingMethod method;
    private final TrainingStep step;
    private final RunState state;
    private final RunFigures figures;
    private final RunDirectory.Lock lock;
    private final ProcessGroup processes;
    private Position position = Position.START;
    private long lastSave = System.nanoTime();
    private boolean stopping; // as all processes have agreed
    private final Optional<ReconstructionStrip> strip;
    private @Nullable Measurement lastMeasurement;

    /**
     * A run whose parts are all as the recipe says.
     *
     * @param recipe all settings of the training
     * @param dataset training and held-out samples
     * @param objective what is trained
     * @param start the weights to begin with; a resumed run replaces them
     * @param directory where the run keeps its files
     * @param progress receives figures and notes
     * @param stop requests an early end
     */
    public TrainingRun(
            Recipe recipe,
            Dataset dataset,
            Objective objective,
            WeightSource start,
            RunDirectory directory,
            Progress progress,
            StopSignal stop) {
        this(recipe, dataset, objective, TrainingMethod.of(recipe, objective), start, directory, progress, stop);
    }

    /**
     * Takes the directory for this run until it is closed.
     *
     * @param recipe all settings of the training
     * @param dataset training and held-out samples
     * @param objective what is trained
     * @param method the parts that a program may replace
     * @param start the weights to begin with; a resumed run replaces them
     * @param directory where the run keeps its files
     * @param progress receives figures and notes
     * @param stop requests an early end
     * @throws io.github.hiera4j.model.HieraException if another training uses the directory, or the data are fewer than one step
     */
    public TrainingRun(
            Recipe recipe,
            Dataset dataset,
            Objective objective,
            TrainingMethod method,
            WeightSource start,
            RunDirectory directory,
            Progress progress,
            StopSignal stop) {
        this(recipe, dataset, objective, method, start, directory, progress, stop, ProcessGroup.alone());
    }

    /**
     * One of several processes that make a run together; all have the same recipe and data.
     *
     * @param recipe whose batch is that of all processes together
     * @param directory in processes other than the first, a {@link RunDirectory#ofOther}
     * @param processes the other processes
     * @param dataset training and held-out samples
     * @param method how the model is evaluated
     * @param objective what is trained
     * @param progress takes lines for people
     * @param start the weights to start from
     * @param stop true when the run is to end
     * @throws io.github.hiera4j.model.HieraException if the batch cannot be divided among them
     */
    public TrainingRun(
            Recipe recipe,
            Dataset dataset,
            Objective objective,
            TrainingMethod method,
            WeightSource start,
            RunDirectory directory,
            Progress progress,
            StopSignal stop,
            ProcessGroup processes) {
        this.processes = processes;
        this.recipe = recipe;
        this.optimisation = recipe.optimisation();
        this.settings = recipe.run();
        this.method = method;
        this.directory = directory;
        this.progress = progress;
        this.stop = stop;
        long cache = recipe.data().cacheMegabytes() * (1L << 20);
        SampleSource samples = cache > 0 ? new CachedSource(dataset.train(), cache) : dataset.train();
        heldOut = cache > 0 ? new CachedSource(dataset.validation(), cache) : dataset.validation();
        check(
                recipe.data().batchSize() % processes.size() == 0,
                "a batch of %d cannot be divided among %d processes",
                recipe.data().batchSize(),
                processes.size());
        trainPlan = BatchPlans.training(recipe.data(), objective.encoder(), samples, method.augmentation())
                .withRows(this::rows);
        stepsPerEpoch = trainPlan.batches(samples.size()) / optimisation.accumulation();
        check(
                stepsPerEpoch > 0,
                "%s: has %d training samples, fewer than one step of %d; set batch_size or accumulation lower",
                dataset.name(),
                samples.size(),
                recipe.effectiveBatch());
        steps = (long) stepsPerEpoch * optimisation.epochs();
        figures = new RunFigures(recipe.effectiveBatch(), steps, stepsPerEpoch, progress);
        LearningRate schedule = method.schedule().plan(steps, stepsPerEpoch);
        String fingerprint = dataset.fingerprint();
        lock = directory.lock();
        try {
            trainer = method.trainer(recipe, objective, start, processes);
        } catch (RuntimeException | Error failure) {
            lock.close();
            throw failure;
        }
        strip = objective instanceof MaeObjective autoencoder && autoencoder.showsPictures()
                ? Optional.of(new ReconstructionStrip(autoencoder, recipe.data(), directory.root()))
                : Optional.empty();
        state = new RunState(recipe, dataset, fingerprint, objective, trainer, directory, progress, processes);
        step = new TrainingStep(
                trainer, objective, optimisation, schedule, settings.seed(), directory::newest, processes);
        loader = new BatchLoader(recipe.data().workers());
    }

    /**
     * Records some steps.
     *
     * @param count how many; 0: none
     */
    void recordTrace(int count) {
        step.record(new StepRecorder(
                trainer,
                processes,
                count,
                trace -> progress.note(TraceFiles.write(trace, directory.file(TraceFiles.EVENTS)))));
    }

    private BatchRows rows(int total) {
        return new BatchRows(processes.share().mirroredRows(total / processes.size()), total);
    }

    /**
     * Returns to the newest checkpoint.
     *
     * @throws io.github.hiera4j.model.HieraException if there is none, or it is damaged, of another recipe or of other data
     */
    public void resume() {
        if (processes.isFirst()) {
            restoreNewest();
        }
        shareState();
    }

    private void restoreNewest() {
        directory.removeTemporaryFiles();
        Optional<Path> newest = directory.newest();
        check(
                newest.isPresent(),
                "%s: holds no checkpoint to resume from; start again with --overwrite",
                directory.root());
        restore(newest.get());
        if (isWritten()) {
            return;
        }
        if (position.threads() != 0 && position.threads() != trainer.options().threads()) {
            progress.note("resumes with " + trainer.options().threads() + " threads instead of " + position.threads()
                    + ": results will not be the same to the last bit");
        }
        progress.note("resumes after step " + position.step() + " of " + steps);
    }

    /** Reads a checkpoint. After a failure this run must not be used. */
    void restore(Path file) {
        position = state.restore(file, stepsPerEpoch);
    }

    /** All processes go on from where the first one stands. */
    private void shareState() {
        if (!processes.isAlone()) {
            byte[] text = Json.MAPPER.writeValueAsBytes(position.toText());
            Map<String, String> received = new LinkedHashMap<>();
            Json.MAPPER
                    .readTree(processes.fromFirst(text))
                    .forEachEntry((key, value) -> received.put(key, value.asString()));
            position = Position.parse("rank 0", received);
            trainer.takeStateFromFirst();
        }
    }

    /** {@return whether this run has nothing left to do: every epoch is trained and the model is written} */
    public boolean isComplete() {
        return processes.any(processes.isFirst() && isWritten());
    }

    private boolean isWritten() {
        return isAtEnd()
                && !position.pending()
                && Files.isRegularFile(directory.file("model").resolve("model.safetensors"));
    }

    /** After the last epoch, or where the recipe's patience is exhausted. */
    private boolean isAtEnd() {
        return position.epoch() >= optimisation.epochs()
                || (settings.patience() > 0 && position.stale() >= settings.patience());
    }

    /**
     * Trains to the end or until asked to stop; writes {@code model/} at the end. Does nothing if the run is complete.
     *
     * @return how it ended
     */
    public Outcome run() {
        if (isComplete()) {
            return outcome(true);
        }
        shareState();
        if (settings.shardOptimizer() && !processes.isAlone()) {
            double all = processes.sum((double) trainer.optimizerBytes())[0];
            progress.note(String.format(
                    Locale.ROOT,
                    "the optimiser's state of %.1f MB is divided among %d processes: %.1f MB here",
                    all / (1 << 20),
                    processes.size(),
                    trainer.optimizerBytes() / (double) (1 << 20)));
        }
        try (Metrics metrics = processes.isFirst()
                ? Metrics.open(directory.root(), position.step(), position.pending())
                : Metrics.none()) {
            if (processes.any(processes.isFirst() && directory.newest().isEmpty())) {
                save(); // fails early if there is no space for a checkpoint
            }
            if (position.pending() || isAtEnd()) {
                endEpoch(metrics);
            }
            while (!isAtEnd() && !isStopping()) {
                trainEpoch(metrics);
            }
            step.endRecording();
            return outcome(isComplete());
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw RunFailure.explain(
                    failure,
                    recipe.data().batchSize() / processes.size(),
                    settings.gradientCheckpointing(),
                    position.step(),
                    directory.newest());
        }
    }

    private Outcome outcome(boolean complete) {
        Optional<Measurement> last = Optional.ofNullable(lastMeasurement);
        return new Outcome(
                complete,
                position.step(),
                last.map(Measurement::figures).orElse(Map.of()),
                last.flatMap(Measurement::predictions),
                complete ? last.map(Measurement::sections).orElse(List.of()) : List.of());
    }

    /**
     * How a run ended.
     *
     * @param complete false if it was asked to stop
     * @param steps updates made
     * @param figures of the last evaluation, by name; empty if there was none
     * @param evaluation its predictions; empty unless the objective predicts classes
     * @param sections what the report shows of it
     */
    public record Outcome(
            boolean complete,
            long steps,
            Map<String, Double> figures,
            Optional<Evaluation> evaluation,
            List<ReportSection> sections) {}

    /** Whether a process was asked to stop: then all do, after the same step. */
    private boolean isStopping() {
        stopping = stopping || processes.any(stop.isRequested());
        return stopping;
    }

    private void trainEpoch(Metrics metrics) {
        int epoch = position.epoch();
        int[] order = EpochOrder.of(
                trainPlan.source(),
                trainPlan.batchSize(),
                recipe.data().shuffleBuffer(),
                recipe.data().repeats(),
                settings.seed(),
                epoch);
        try (BatchLoader.Batches batches = loader.epoch(trainPlan, order, settings.seed(), epoch, position.batch())) {
            for (int inEpoch = position.batch() / optimisation.accumulation(); inEpoch < stepsPerEpoch; inEpoch++) {
                TrainingStep.Result result = step.take(batches, position.step());
                figures.step(result, position, metrics);
                position = position.afterStep(
                        (inEpoch + 1) * optimisation.accumulation(),
                        trainer.options().threads());
                boolean last = inEpoch + 1 == stepsPerEpoch;
                boolean isDue =
                        processes.isFirst() && settings.isCheckpointDue(position.step(), System.nanoTime() - lastSave);
                double[] asked = processes.sum(stop.isRequested() ? 1 : 0, isDue ? 1 : 0);
                stopping = stopping || asked[0] > 0;
                if (!last && (stopping || asked[1] > 0)) {
                    save();
                }
                if (!last && stopping) {
                    return;
                }
            }
        }
        position = position.nextEpoch();
        save(); // before the evaluation, which takes time and can fail
        endEpoch(metrics);
    }

    /** What is due after the last step of an epoch; a stopped run does it when it is resumed. */
    private void endEpoch(Metrics metrics) {
        boolean last = position.epoch() == optimisation.epochs();
        if (heldOut.size() > 0 && (last || position.epoch() % settings.evaluateEvery() == 0)) {
            Optional<Measurement> measurement = evaluate();
            if (measurement.isEmpty()) {
                return; // stopped
            }
            evaluated(measurement.get(), metrics);
            figures.restart();
        }
        noteDamaged();
        if (isAtEnd()) {
            if (!last) {
                progress.note(position.stale() + " evaluations without a better result: training ends after epoch "
                        + position.epoch() + " of " + optimisation.epochs() + "; the best weights are in "
                        + directory.file("best"));
            }
            state.export("model", position);
        }
        position = position.settled();
        save();
    }

    private void noteDamaged() {
        DamagedFiles own = loader.damaged();
        String text = own.count() > 0 ? own.count() + " damaged files were replaced by others: " + own : "";
        for (byte[] one : processes.gather(text.getBytes(StandardCharsets.UTF_8))) {
            if (one.length > 0) {
                progress.note(new String(one, StandardCharsets.UTF_8));
            }
        }
    }

    private void evaluated(Measurement measurement, Metrics metrics) {
        lastMeasurement = measurement;
        boolean best = measurement.score() > position.best();
        figures.evaluated(measurement, position.step(), best, metrics);
        if (best) {
            state.export("best", position);
        }
        position = position.evaluated(measurement.score());
    }

    /**
     * Evaluates the validation samples with the model as it is; empty if the run was asked to stop meanwhile.
     *
     * @return the figures; empty if the run was asked to stop meanwhile
     */
    public Optional<Measurement> evaluate() {
        try (FrozenWeights frozen = trainer.freeze(true)) {
            Optional<Measurement> measurement =
                    method.evaluation().evaluate(frozen, heldOut, loader, stop::isRequested, processes);
            if (measurement.isPresent() && processes.isFirst()) {
                strip.ifPresent(pictures -> pictures.add(position.step(), frozen, heldOut, loader));
            }
            return measurement;
        }
    }

    private void save() {
        Optional<Path> file = state.save(position);
        lastSave = System.nanoTime();
        if (stopping && file.isPresent()) {
            progress.note("saved " + file.get());
        }
    }

    /** {@return the parameters, as they are now; the running average where there is one} */
    public WeightSource weights() {
        return trainer.averagedWeights();
    }

    /** {@return the trainer, for pictures of what was learnt} */
    public TorchTrainer trainer() {
        return trainer;
    }

    @Override
    public void close() {
        loader.close();
        trainer.close();
        lock.close();
    }
}
