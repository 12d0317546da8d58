package io.github.hiera4j.train.run;

import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.DamagedFiles;
import io.github.hiera4j.train.data.Dataset;
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
import io.github.hiera4j.train.run.internal.RunFailure;
import io.github.hiera4j.train.trace.StepRecorder;
import io.github.hiera4j.train.trace.TraceFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One training run, from its first step or its newest checkpoint to its end.
 *
 * <p>Every random choice is determined by the recipe's seed and the position. A run that was interrupted and resumed therefore ends with
 * the same bits as an uninterrupted one, on the same machine with the same number of threads.
 *
 * <p>Several processes can carry out one run together. Each works on some rows of every batch, so that losses and weights are those of
 * one process up to rounding. The first process writes the files.
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
    private final RunPlan plan;
    private final RunEvaluation evaluation;
    private final TrainingStep step;
    private final RunState state;
    private final RunFigures figures;
    private final RunDirectory.Lock lock;
    private final ProcessGroup processes;
    private boolean stopping; // the same in all processes

    /**
     * Creates a run whose parts are all determined by the recipe.
     *
     * @param recipe all settings of the training
     * @param dataset training and held-out samples
     * @param objective the training objective
     * @param start the initial weights; a resumed run replaces them
     * @param directory the directory of the run's files
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
     * Creates a run, and locks its directory until it is closed.
     *
     * @param recipe all settings of the training
     * @param dataset training and held-out samples
     * @param objective the training objective
     * @param method the parts that a program may replace
     * @param start the initial weights; a resumed run replaces them
     * @param directory the directory of the run's files
     * @param progress receives figures and notes
     * @param stop requests an early end
     * @throws io.github.hiera4j.model.HieraException if another training uses the directory, or there are too few samples for one step
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
     * Creates the part of one of several processes that carry out a run together; all have the same recipe and data.
     *
     * @param recipe all settings of the training; its batch size is that of all processes together
     * @param directory the directory of the run's files; in processes other than the first, a {@link RunDirectory#ofOther}
     * @param processes the other processes
     * @param dataset training and held-out samples
     * @param method the parts that a program may replace
     * @param objective the training objective
     * @param progress receives figures and notes
     * @param start the initial weights; a resumed run replaces them
     * @param stop requests an early end
     * @throws io.github.hiera4j.model.HieraException if another training uses the directory, there are too few samples for one step, or
     *     the batch cannot be divided among the processes
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
        this.directory = directory;
        this.progress = progress;
        this.stop = stop;
        plan = new RunPlan(recipe, dataset, objective, method, processes);
        figures = new RunFigures(recipe.effectiveBatch(), plan.steps(), plan.stepsPerEpoch(), progress);
        LearningRate schedule = method.schedule().plan(plan.steps(), plan.stepsPerEpoch());
        String fingerprint = dataset.fingerprint();
        lock = directory.lock();
        try {
            trainer = method.trainer(recipe, objective, start, processes);
        } catch (RuntimeException | Error failure) {
            lock.close();
            throw failure;
        }
        state = new RunState(recipe, dataset, fingerprint, objective, trainer, directory, progress, processes, plan);
        step = new TrainingStep(
                trainer, objective, optimisation, schedule, settings.seed(), directory::newest, processes);
        loader = new BatchLoader(recipe.data().workers());
        Optional<ReconstructionStrip> strip =
                objective instanceof MaeObjective autoencoder && autoencoder.showsPictures()
                        ? Optional.of(new ReconstructionStrip(autoencoder, recipe.data(), directory.root()))
                        : Optional.empty();
        evaluation = new RunEvaluation(method.evaluation(), trainer, loader, plan.heldOut(), stop, processes, strip);
    }

    /**
     * Records some steps of the training.
     *
     * @param count number of steps; 0 records nothing
     */
    void recordTrace(int count) {
        step.record(new StepRecorder(
                trainer,
                processes,
                count,
                trace -> progress.note(TraceFiles.write(trace, directory.file(TraceFiles.EVENTS)))));
    }

    /**
     * Returns to the newest checkpoint.
     *
     * @throws io.github.hiera4j.model.HieraException if there is none, or it is damaged or was trained with another recipe or on other data
     */
    public void resume() {
        if (processes.isFirst()) {
            state.restoreNewest();
        }
        state.share();
    }

    /** Reads a checkpoint. After a failure this run must not be used. */
    void restore(Path file) {
        state.restore(file);
    }

    /** {@return whether this run is complete: every epoch is trained and the model is written} */
    public boolean isComplete() {
        return processes.any(processes.isFirst() && state.isWritten());
    }

    /**
     * Trains to the end or until asked to stop; writes {@code model/} at the end. Does nothing if the run is complete.
     *
     * @return the outcome
     */
    public Outcome run() {
        if (isComplete()) {
            return evaluation.outcome(true, state.position().step());
        }
        state.share();
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
                ? Metrics.open(
                        directory.root(),
                        state.position().step(),
                        state.position().pending())
                : Metrics.none()) {
            if (processes.any(processes.isFirst() && directory.newest().isEmpty())) {
                save(); // fails early if there is no space for a checkpoint
            }
            if (state.position().pending() || state.isAtEnd()) {
                endEpoch(metrics);
            }
            while (!state.isAtEnd() && !isStopping()) {
                trainEpoch(metrics);
            }
            step.endRecording();
            return evaluation.outcome(isComplete(), state.position().step());
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw RunFailure.explain(
                    failure,
                    recipe.data().batchSize() / processes.size(),
                    settings.gradientCheckpointing(),
                    state.position().step(),
                    directory.newest());
        }
    }

    /**
     * The outcome of a run.
     *
     * @param complete false if it was asked to stop
     * @param steps updates in total
     * @param figures of the last evaluation, by name; empty if there was none
     * @param evaluation its predictions; empty unless the objective predicts classes
     * @param sections its sections in the report
     */
    public record Outcome(
            boolean complete,
            long steps,
            Map<String, Double> figures,
            Optional<Evaluation> evaluation,
            List<ReportSection> sections) {}

    /** Returns whether any process was asked to stop; then all stop after the same step. */
    private boolean isStopping() {
        stopping = stopping || processes.any(stop.isRequested());
        return stopping;
    }

    private void trainEpoch(Metrics metrics) {
        int stepsPerEpoch = plan.stepsPerEpoch();
        try (BatchLoader.Batches batches = plan.epoch(loader, state.position())) {
            for (int inEpoch = state.position().batch() / optimisation.accumulation();
                    inEpoch < stepsPerEpoch;
                    inEpoch++) {
                Position before = state.position();
                TrainingStep.Result result = step.take(batches, before.step());
                figures.step(result, before, metrics);
                int batchesDone = (inEpoch + 1) * optimisation.accumulation();
                state.advance(before.afterStep(batchesDone, trainer.options().threads()));
                boolean last = inEpoch + 1 == stepsPerEpoch;
                boolean isDue = processes.isFirst() && state.isCheckpointDue();
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
        state.advance(state.position().nextEpoch());
        save(); // before the evaluation, which takes time and can fail
        endEpoch(metrics);
    }

    /** Evaluates, exports and saves after the last step of an epoch; a stopped run does so when it is resumed. */
    private void endEpoch(Metrics metrics) {
        boolean last = state.position().epoch() == optimisation.epochs();
        if (plan.heldOut().size() > 0 && (last || state.position().epoch() % settings.evaluateEvery() == 0)) {
            Optional<Measurement> measurement = evaluate();
            if (measurement.isEmpty()) {
                return; // stopped
            }
            evaluated(measurement.get(), metrics);
            figures.restart();
        }
        noteDamaged();
        if (state.isAtEnd()) {
            if (!last) {
                progress.note(state.position().stale()
                        + " evaluations without a better result: training ends after epoch "
                        + state.position().epoch() + " of " + optimisation.epochs() + "; the best weights are in "
                        + directory.file("best"));
            }
            state.export("model");
        }
        state.advance(state.position().settled());
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
        evaluation.keep(measurement);
        boolean best = measurement.score() > state.position().best();
        figures.evaluated(measurement, state.position().step(), best, metrics);
        if (best) {
            state.export("best");
        }
        state.advance(state.position().evaluated(measurement.score()));
    }

    /**
     * Evaluates the current model on the held-out samples.
     *
     * @return the figures; empty if the run was asked to stop meanwhile
     */
    public Optional<Measurement> evaluate() {
        return evaluation.evaluate(state.position().step());
    }

    private void save() {
        Optional<Path> file = state.save();
        if (stopping && file.isPresent()) {
            progress.note("saved " + file.get());
        }
    }

    /** {@return the current parameters; their running average if there is one} */
    public WeightSource weights() {
        return trainer.averagedWeights();
    }

    /** {@return the trainer} */
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
