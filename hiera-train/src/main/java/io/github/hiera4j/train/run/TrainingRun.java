package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.CachedSource;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.Evaluator;
import io.github.hiera4j.train.evaluate.Loading;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.optimize.LayerDecay;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Schedule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    private final Schedule schedule;
    private final StepClock clock;
    private Position position = Position.START;
    private @org.jspecify.annotations.Nullable Evaluation lastEvaluation;

    /**
     * @param start the weights to begin with; a resumed run replaces them
     * @param stop asks for an early end
     */
    public TrainingRun(
            Recipe recipe,
            Dataset dataset,
            Objective objective,
            WeightSource start,
            RunDirectory directory,
            Progress progress,
            StopSignal stop) {
        this.recipe = recipe;
        this.dataset = dataset;
        this.objective = objective;
        this.directory = directory;
        this.progress = progress;
        this.stop = stop;
        long cache = recipe.cacheMegabytes() * (1L << 20);
        SampleSource samples = cache > 0 ? new CachedSource(dataset.train(), cache) : dataset.train();
        boolean oneView = Loading.views(recipe, objective.encoder()) == 1; // the cache keeps one clip of a video
        heldOut = cache > 0 && oneView ? new CachedSource(dataset.validation(), cache) : dataset.validation();
        trainPlan = Loading.training(recipe, objective.encoder(), samples);
        stepsPerEpoch = trainPlan.batches(samples.size()) / recipe.accumulation();
        check(
                stepsPerEpoch > 0,
                "%s: has %d training samples, fewer than one step of %d; set batch_size or accumulation lower",
                dataset.name(),
                samples.size(),
                recipe.effectiveBatch());
        long steps = (long) stepsPerEpoch * recipe.epochs();
        long warmup = Math.round(recipe.warmupEpochs() * stepsPerEpoch);
        schedule = new Schedule(
                recipe.schedule(), recipe.peakLearningRate(), recipe.minLearningRate(), Math.min(warmup, steps), steps);
        clock = new StepClock(recipe.effectiveBatch(), STEPS_PER_FIGURE);
        trainer = createTrainer(start);
        loader = new BatchLoader(recipe.workers());
    }

    private TorchTrainer createTrainer(WeightSource start) {
        int threads =
                recipe.threads() > 0 ? recipe.threads() : Runtime.getRuntime().availableProcessors();
        return new TorchTrainer(
                objective.graph(),
                LayerDecay.groups(
                        objective.graph().parameters(),
                        objective.encoder().depth(),
                        recipe.layerDecay(),
                        recipe.weightDecay(),
                        recipe.positionRate()),
                recipe.optimizerSettings(),
                start,
                new TorchTrainer.Options(
                        recipe.computeType(),
                        recipe.device(),
                        threads,
                        recipe.gradientCheckpointing(),
                        recipe.averageDecay() > 0));
    }

    /** Goes back to the newest checkpoint; throws if there is none or it is of another recipe. */
    public void resume() {
        directory.removeTemporaryFiles();
        Optional<Path> newest = directory.newest();
        check(newest.isPresent(), "%s: holds no checkpoint to resume from", directory.root());
        RunDirectory.Loaded loaded = RunDirectory.load(newest.get());
        try (WeightSource tensors = loaded.tensors()) {
            requireSameRecipe(newest.get(), loaded.recipe());
            trainer.restore(tensors);
            position = loaded.position();
        }
        if (position.threads() != trainer.options().threads()) {
            progress.note("resumes with " + trainer.options().threads() + " threads instead of " + position.threads()
                    + ": results will not be the same to the last bit");
        }
        progress.note("resumes behind step " + position.step() + " of " + schedule.steps());
    }

    private void requireSameRecipe(Path file, Map<String, String> recorded) {
        Map<String, String> saved = RecipeSettings.completed(recorded);
        Map<String, String> current = RecipeSettings.of(recipe);
        for (String harmless : List.of(
                "workers", "threads", "device", "keep_checkpoints", "checkpoint_steps", "gradient_checkpointing")) {
            current.remove(harmless);
            saved.remove(harmless);
        }
        current.forEach((key, value) -> check(
                value.equals(saved.get(key)),
                "%s: was trained with %s=%s, this run has %s; resume with the same recipe or choose another --out",
                file,
                key,
                saved.getOrDefault(key, "?"),
                value));
    }

    /** Trains to the end or until asked to stop; writes {@code model/} at the end. */
    public Outcome run() {
        try (Metrics metrics = Metrics.open(directory.root(), position.step())) {
            while (position.epoch() < recipe.epochs() && !stop.isRequested()) {
                trainEpoch(metrics);
            }
            if (stop.isRequested() && position.epoch() < recipe.epochs()) {
                save();
                return new Outcome(false, position.step(), Optional.ofNullable(lastEvaluation));
            }
            exportModel("model");
            return new Outcome(true, position.step(), Optional.ofNullable(lastEvaluation));
        } catch (RuntimeException | OutOfMemoryError failure) {
            throw RunFailure.explain(failure, recipe, position.step(), directory.newest());
        }
    }

    /**
     * How a run ended.
     *
     * @param complete false if it was asked to stop
     * @param evaluation the last one, where there were held-out samples
     */
    public record Outcome(boolean complete, long steps, Optional<Evaluation> evaluation) {}

    private void trainEpoch(Metrics metrics) {
        int epoch = position.epoch();
        int[] order = EpochOrder.shuffled(trainPlan.source().size(), recipe.repeats(), recipe.seed(), epoch);
        try (BatchLoader.Batches batches = loader.epoch(trainPlan, order, recipe.seed(), epoch, position.batch())) {
            for (int inEpoch = position.batch() / recipe.accumulation(); inEpoch < stepsPerEpoch; inEpoch++) {
                step(batches, metrics);
                int done = (inEpoch + 1) * recipe.accumulation();
                position = new Position(
                        position.step() + 1,
                        epoch,
                        done,
                        position.best(),
                        trainer.options().threads());
                boolean due = recipe.checkpointSteps() > 0 && position.step() % recipe.checkpointSteps() == 0;
                if (stop.isRequested()) {
                    return;
                }
                if (due && inEpoch + 1 < stepsPerEpoch) {
                    save();
                }
            }
        }
        position = new Position(position.step(), epoch + 1, 0, position.best(), position.threads());
        endEpoch(metrics);
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
        requireFinite(loss, number);
        double norm = trainer.gradientNorm();
        if (recipe.clipNorm() > 0 && norm > recipe.clipNorm()) {
            trainer.scaleGradient(recipe.clipNorm() / (norm + 1e-6));
        }
        double rate = schedule.at(number);
        trainer.update(rate, number + 1, recipe.averageDecay());
        clock.add(loss, size);
        if (clock.isDue(number + 1, schedule.steps())) {
            Map<String, Double> figures = new LinkedHashMap<>();
            figures.put("loss", clock.loss());
            figures.put("learning_rate", rate);
            figures.put("gradient_norm", norm);
            figures.put("samples_per_second", clock.samplesPerSecond());
            metrics.log(number + 1, figures);
            progress.step(new Progress.Step(
                    number + 1,
                    schedule.steps(),
                    position.epoch(),
                    clock.loss(),
                    rate,
                    norm,
                    clock.samplesPerSecond()));
            clock.reset();
        }
    }

    private void requireFinite(double loss, long step) {
        if (!Double.isFinite(loss)) {
            String last = directory
                    .newest()
                    .map(path -> "the last checkpoint, " + path + ", is sound")
                    .orElse("no checkpoint was written yet");
            throw new RunFailure.LossFailure("step " + (step + 1) + ": the loss is " + loss + "; " + last
                    + ". Train with a lower learning_rate, a clip_norm, or precision=float32");
        }
    }

    private void endEpoch(Metrics metrics) {
        boolean last = position.epoch() == recipe.epochs();
        if (heldOut.size() > 0 && (last || position.epoch() % recipe.evaluateEvery() == 0)) {
            Evaluation evaluation = evaluate();
            lastEvaluation = evaluation;
            metrics.log(position.step(), evaluation.figures());
            progress.evaluated(position.step(), evaluation.figures());
            if (evaluation.score() > position.best()) {
                position = new Position(position.step(), position.epoch(), 0, evaluation.score(), position.threads());
                exportModel("best");
            }
            clock.reset();
        }
        if (loader.damaged().count() > 0) {
            progress.note(loader.damaged().count() + " damaged files were replaced by others: " + loader.damaged());
        }
        save();
    }

    /** Judges the held-out samples as the model stands. */
    public Evaluation evaluate() {
        int classes =
                recipe.task() == Recipe.Task.CLASSIFY ? dataset.classNames().size() : 0;
        try (FrozenWeights frozen = trainer.freeze(true)) {
            return Evaluator.evaluate(recipe, objective, frozen, heldOut, classes, loader);
        }
    }

    private void save() {
        Path file = directory.save(trainer.state(), position, RecipeSettings.of(recipe), recipe.keepCheckpoints());
        if (stop.isRequested()) {
            progress.note("saved " + file);
        }
    }

    private void exportModel(String name) {
        ModelConfig config = objective.config();
        List<String> classes = recipe.task() == Recipe.Task.CLASSIFY ? dataset.classNames() : List.of();
        PreprocessHints hints = Loading.hints(recipe, objective.encoder());
        new CheckpointWriter(KeyStyle.OFFICIAL, Optional.empty(), classes, Optional.of(hints))
                .write(directory.file(name), config, trainer.averagedWeights());
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
    }
}
