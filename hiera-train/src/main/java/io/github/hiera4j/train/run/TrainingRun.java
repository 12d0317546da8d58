package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.CachedSource;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.Loading;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.recipe.LearningRate;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One training run from its first step, or from its newest checkpoint, to its end.
 *
 * <p>Every random choice follows from the recipe's seed and the position, so a run that was interrupted anywhere and resumed ends
 * with the same bits as one that was not, on the same machine with as many threads.
 */
public final class TrainingRun implements AutoCloseable {
    private static final int STEPS_PER_FIGURE = 10;

    private final Recipe recipe;
    private final Dataset dataset;
    private final Objective objective;
    private final RunDirectory directory;
    private final Progress progress;
    private final StopSignal stop;
    private final TorchTrainer trainer;
    private final BatchLoader loader;
    private final BatchLoader.Plan trainPlan;
    private final SampleSource heldOut;
    private final int stepsPerEpoch;
    private final long steps;
    private final LearningRate schedule;
    private final TrainingMethod method;
    private final StepClock clock;
    private final RunDirectory.Lock lock;
    private final String dataFingerprint;
    private Position position = Position.START;
    private long lastSave = System.nanoTime();
    private @Nullable Measurement lastMeasurement;

    /** A run whose parts are all as the recipe says. */
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
     * @param start the weights to begin with; a resumed run replaces them
     * @param stop asks for an early end
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
        this.recipe = recipe;
        this.dataset = dataset;
        this.objective = objective;
        this.method = method;
        this.directory = directory;
        this.progress = progress;
        this.stop = stop;
        long cache = recipe.cacheMegabytes() * (1L << 20);
        SampleSource samples = cache > 0 ? new CachedSource(dataset.train(), cache) : dataset.train();
        heldOut = cache > 0 ? new CachedSource(dataset.validation(), cache) : dataset.validation();
        trainPlan = Loading.training(recipe, objective.encoder(), samples, method.augmentation());
        stepsPerEpoch = trainPlan.batches(samples.size()) / recipe.accumulation();
        check(
                stepsPerEpoch > 0,
                "%s: has %d training samples, fewer than one step of %d; set batch_size or accumulation lower",
                dataset.name(),
                samples.size(),
                recipe.effectiveBatch());
        steps = (long) stepsPerEpoch * recipe.epochs();
        schedule = method.schedule().plan(steps, stepsPerEpoch);
        clock = new StepClock(recipe.effectiveBatch(), STEPS_PER_FIGURE);
        dataFingerprint = dataset.fingerprint();
        lock = directory.lock();
        try {
            trainer = createTrainer(start);
        } catch (RuntimeException | Error failure) {
            lock.close();
            throw failure;
        }
        loader = new BatchLoader(recipe.workers());
    }

    private TorchTrainer createTrainer(WeightSource start) {
        int threads =
                recipe.threads() > 0 ? recipe.threads() : Runtime.getRuntime().availableProcessors();
        return new TorchTrainer(
                objective.graph(),
                method.grouping().groups(objective.graph().parameters()),
                recipe.optimizerSettings(),
                start,
                new TorchTrainer.Options(
                        recipe.computeType(),
                        recipe.device(),
                        threads,
                        recipe.gradientCheckpointing(),
                        recipe.averageDecay() > 0));
    }

    /**
     * Returns to the newest checkpoint.
     *
     * @throws io.github.hiera4j.model.HieraException if there is none, or it is damaged, of another recipe or of other data
     */
    public void resume() {
        directory.removeTemporaryFiles();
        Optional<Path> newest = directory.newest();
        check(
                newest.isPresent(),
                "%s: holds no checkpoint to resume from; start again with --overwrite",
                directory.root());
        restore(newest.get());
        if (isComplete()) {
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
        RunDirectory.Loaded loaded = RunDirectory.load(file);
        try (WeightSource tensors = loaded.tensors()) {
            RecipeAgreement.require(file, loaded.recipe(), recipe);
            requireSameData(file, loaded.data());
            loaded.position().requireWithin(file.toString(), recipe.epochs(), stepsPerEpoch, recipe.accumulation());
            int epochs = RecipeAgreement.epochs(file, loaded.recipe());
            if (recipe.epochs() > epochs) {
                progress.note("epochs " + epochs + " to " + recipe.epochs()
                        + ": from here on the learning rate follows the longer schedule");
            }
            trainer.restore(new FiniteWeights(tensors));
            position = loaded.position();
        }
    }

    private void requireSameData(Path file, Optional<String> fingerprint) {
        if (fingerprint.isEmpty()) {
            progress.note(file.getFileName() + " does not say on which data it was trained: the data are not compared");
            return;
        }
        check(
                fingerprint.get().equals(dataFingerprint),
                "%s: was trained on other data: the files, their names or labels in %s have changed; resume with the same"
                        + " data or choose another --out",
                file,
                dataset.name());
    }

    /** Whether this run has nothing left to do: every epoch is trained and the model is written. */
    public boolean isComplete() {
        return isAtEnd()
                && !position.pending()
                && Files.isRegularFile(directory.file("model").resolve("model.safetensors"));
    }

    /** After the last epoch, or where the recipe's patience is exhausted. */
    private boolean isAtEnd() {
        return position.epoch() >= recipe.epochs() || (recipe.patience() > 0 && position.stale() >= recipe.patience());
    }

    /** Trains to the end or until asked to stop; writes {@code model/} at the end. Does nothing if the run is complete. */
    public Outcome run() {
        if (isComplete()) {
            return outcome(true);
        }
        try (Metrics metrics = Metrics.open(directory.root(), position.step(), position.pending())) {
            if (directory.newest().isEmpty()) {
                save(); // tells early if there is no room for a checkpoint
            }
            if (position.pending() || isAtEnd()) {
                endEpoch(metrics);
            }
            while (!isAtEnd() && !stop.isRequested()) {
                trainEpoch(metrics);
            }
            return outcome(isComplete());
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw RunFailure.explain(failure, recipe, position.step(), directory.newest());
        }
    }

    private Outcome outcome(boolean complete) {
        Optional<Measurement> last = Optional.ofNullable(lastMeasurement);
        return new Outcome(
                complete,
                position.step(),
                last.map(Measurement::figures).orElse(Map.of()),
                last.flatMap(Measurement::predictions));
    }

    /**
     * How a run ended.
     *
     * @param complete false if it was asked to stop
     * @param steps updates made
     * @param figures of the last evaluation, by name; empty if there was none
     * @param evaluation its predictions; empty unless the objective predicts classes
     */
    public record Outcome(boolean complete, long steps, Map<String, Double> figures, Optional<Evaluation> evaluation) {}

    private void trainEpoch(Metrics metrics) {
        int epoch = position.epoch();
        int[] order = EpochOrder.shuffled(trainPlan.source().size(), recipe.repeats(), recipe.seed(), epoch);
        try (BatchLoader.Batches batches = loader.epoch(trainPlan, order, recipe.seed(), epoch, position.batch())) {
            for (int inEpoch = position.batch() / recipe.accumulation(); inEpoch < stepsPerEpoch; inEpoch++) {
                step(batches, metrics);
                position = position.afterStep(
                        (inEpoch + 1) * recipe.accumulation(), trainer.options().threads());
                boolean last = inEpoch + 1 == stepsPerEpoch;
                if (!last && (stop.isRequested() || isCheckpointDue())) {
                    save();
                }
                if (!last && stop.isRequested()) {
                    return;
                }
            }
        }
        position = position.nextEpoch();
        save(); // before the evaluation, which takes time and can fail
        endEpoch(metrics);
    }

    private boolean isCheckpointDue() {
        double minutes = (System.nanoTime() - lastSave) / 60e9;
        return (recipe.checkpointSteps() > 0 && position.step() % recipe.checkpointSteps() == 0)
                || (recipe.checkpointMinutes() > 0 && minutes >= recipe.checkpointMinutes());
    }

    private void step(BatchLoader.Batches batches, Metrics metrics) {
        long number = position.step();
        double loss = 0;
        int size = 0;
        for (int part = 0; part < recipe.accumulation(); part++) {
            Batch batch = batches.next();
            size += batch.size();
            var feeds = objective.feeds(batch, Randomness.of(recipe.seed(), 0xba7c, number, part));
            long seed = Randomness.mix(recipe.seed(), 0xd209, number, part);
            loss += trainer.backward(feeds, 1.0 / recipe.accumulation(), seed).loss() / recipe.accumulation();
        }
        requireFinite(loss, "the loss is", number);
        double norm = trainer.gradientNorm();
        requireFinite(norm, "the norm of the gradient is", number);
        if (recipe.clipNorm() > 0 && norm > recipe.clipNorm()) {
            trainer.scaleGradient(recipe.clipNorm() / (norm + 1e-6));
        }
        double rate = schedule.at(number);
        trainer.update(rate, number + 1, recipe.averageDecay());
        clock.add(loss, size);
        if (clock.isDue(number + 1, steps)) {
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("loss", clock.loss());
            figures.put("learning_rate", rate);
            figures.put("gradient_norm", norm);
            figures.put("samples_per_second", clock.samplesPerSecond());
            metrics.log(number + 1, (number + 1.0) / stepsPerEpoch, figures, false);
            progress.step(new Progress.Step(
                    number + 1, steps, position.epoch(), clock.loss(), rate, norm, clock.samplesPerSecond()));
            clock.reset();
        }
    }

    private void requireFinite(double value, String what, long step) {
        if (!Double.isFinite(value)) {
            throw new RunFailure.Diverged(step + 1, what + " " + value, directory.newest());
        }
    }

    /** What is due after the last step of an epoch; a stopped run does it when it is resumed. */
    private void endEpoch(Metrics metrics) {
        boolean last = position.epoch() == recipe.epochs();
        if (heldOut.size() > 0 && (last || position.epoch() % recipe.evaluateEvery() == 0)) {
            Optional<Measurement> measurement = evaluate();
            if (measurement.isEmpty()) {
                return; // stopped
            }
            evaluated(measurement.get(), metrics);
            clock.reset();
        }
        if (loader.damaged().count() > 0) {
            progress.note(loader.damaged().count() + " damaged files were replaced by others: " + loader.damaged());
        }
        if (isAtEnd()) {
            if (!last) {
                progress.note(position.stale() + " evaluations without a better result: training ends after epoch "
                        + position.epoch() + " of " + recipe.epochs() + "; the best weights are in "
                        + directory.file("best"));
            }
            exportModel("model");
        }
        position = position.settled();
        save();
    }

    private void evaluated(Measurement measurement, Metrics metrics) {
        lastMeasurement = measurement;
        boolean best = measurement.score() > position.best();
        double epoch = (double) position.step() / stepsPerEpoch;
        metrics.log(position.step(), epoch, measurement.figures(), best);
        progress.evaluated(position.step(), measurement.figures());
        if (best) {
            exportModel("best");
        }
        position = position.evaluated(measurement.score());
    }

    /** Evaluates the validation samples with the model as it is; empty if the run was asked to stop meanwhile. */
    public Optional<Measurement> evaluate() {
        try (FrozenWeights frozen = trainer.freeze(true)) {
            return method.evaluation().evaluate(frozen, heldOut, loader, stop::isRequested);
        }
    }

    private void save() {
        requireFiniteState();
        Path file = directory.save(
                trainer.state(), position, RecipeSettings.of(recipe), dataFingerprint, recipe.keepCheckpoints());
        lastSave = System.nanoTime();
        if (stop.isRequested()) {
            progress.note("saved " + file);
        }
    }

    private void exportModel(String name) {
        requireFiniteState();
        PreprocessHints hints = Loading.hints(recipe, objective.encoder());
        objective.export(
                directory.file(name), new FiniteWeights(trainer.averagedWeights()), dataset.classNames(), hints);
    }

    /** Nothing that is not finite is ever written. */
    private void requireFiniteState() {
        trainer.findNotFinite().ifPresent(name -> {
            throw new RunFailure.Diverged(position.step(), "'" + name + "' is not finite", directory.newest());
        });
    }

    /** The parameters, as they are now; the running average where there is one. */
    public WeightSource weights() {
        return trainer.averagedWeights();
    }

    /** The trainer, for pictures of what was learnt. */
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
