package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The samples of a training, its initial weights and its usual objective. */
final class TrainerSources {
    private final Recipe recipe;
    private @Nullable Dataset dataset;
    private @Nullable Path dataPath;
    private @Nullable Path startPath;
    private boolean startAveraged;
    private @Nullable WeightSource start;

    TrainerSources(Recipe recipe) {
        this.recipe = recipe;
    }

    /**
     * @param samples the samples; null: those of the path
     * @param path their origin; null keeps the previous one
     */
    void data(@Nullable Dataset samples, @Nullable Path path) {
        dataset = samples;
        dataPath = path != null ? path : dataPath;
    }

    void start(Path checkpoint, boolean averaged) {
        startPath = checkpoint;
        startAveraged = averaged;
    }

    void start(WeightSource weights) {
        start = weights;
    }

    Optional<Path> dataPath() {
        return Optional.ofNullable(dataPath);
    }

    Optional<Path> startPath() {
        return Optional.ofNullable(startPath);
    }

    /** Opens the samples and reports their number. */
    Dataset samples(Progress progress) {
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
            progress.note("bfloat16 is emulated on this processor and many times slower: use --set precision=float32");
        }
        progress.note("held out: " + samples.heldOut());
        return samples;
    }

    private static Dataset open(Path path, boolean pretrains) {
        return pretrains ? Datasets.openUnlabelled(path) : Datasets.open(path);
    }

    /** Returns the objective of the recipe's task. */
    static Objective objective(Recipe recipe, Dataset data) {
        return switch (recipe.task()) {
            case MAE -> MaeObjective.of(recipe.model());
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

    /** Opens the initial weights, which the caller closes. A resumed run takes those of its checkpoint instead. */
    WeightSource weights(Objective target, boolean resumes, Progress progress) {
        if (start != null && !resumes) {
            return new DerivedWeights(start) {
                @Override
                public void close() {} // the caller closes its weights
            };
        }
        if (startPath != null && !resumes) {
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
