package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The samples and the start weights of a training run, as set by a program. */
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
     * @param samples to train on; null to open those of the path
     * @param path the origin of the samples; null keeps the current path
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

    /** Opens the samples and reports a summary of them. */
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

    /** Returns the start weights, which the caller closes; those of a resumed run are in its checkpoint. */
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
