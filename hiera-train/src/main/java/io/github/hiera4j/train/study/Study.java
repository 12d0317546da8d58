package io.github.hiera4j.train.study;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trains every variant with every seed on the same data, seed by seed, so that an early end leaves complete comparisons.
 *
 * <p>Every training has its own directory, {@code VARIANT/seed-N/pretraining}, {@code tuned} or {@code scratch}. A finished training is
 * not repeated; an interrupted one continues from its newest checkpoint. A training that fails is reported and does not end the study.
 */
public final class Study {
    private static final int MOST_SEEDS = 1000;

    private final Path root;
    private final Dataset data;
    private final List<StudyVariant> variants;
    private final int seeds;
    private final Progress progress;
    private final StopSignal stop;
    private final List<StudyResult.Row> rows = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * Prepares a study; nothing is written yet.
     *
     * @param root directory of the trainings
     * @param data training and held-out samples, with labels
     * @param variants the variants to compare, with distinct keys
     * @param seeds number of trainings of each variant, 1 or more; they have the seeds 0, 1, …
     * @param progress receives figures and notes
     * @param stop requests an early end
     */
    public Study(Path root, Dataset data, List<StudyVariant> variants, int seeds, Progress progress, StopSignal stop) {
        check(seeds >= 1 && seeds <= MOST_SEEDS, "a study has 1 to %d seeds, got %d", MOST_SEEDS, seeds);
        Set<String> keys = new HashSet<>();
        for (StudyVariant variant : variants) {
            check(
                    keys.add(variant.key()) && variant.key().matches("[A-Za-z0-9_-]+"),
                    "a variant needs a distinct key of letters, digits, - and _, got '%s'",
                    variant.key());
        }
        this.root = root;
        this.data = data;
        this.variants = List.copyOf(variants);
        this.seeds = seeds;
        this.progress = progress;
        this.stop = stop;
    }

    /**
     * Runs all unfinished trainings, to the end or until the stop signal.
     *
     * @return the finished trainings, of this call and earlier ones
     * @throws HieraException if the directory contains trainings with other recipes or on other data
     */
    public StudyResult run() {
        rows.clear();
        failures.clear();
        for (int seed = 0; seed < seeds; seed++) {
            for (StudyVariant variant : variants) {
                train(variant, seed);
            }
        }
        return new StudyResult(rows, failures, !stop.isRequested() && failures.isEmpty());
    }

    private void train(StudyVariant variant, int seed) {
        Path directory = root.resolve(variant.key()).resolve("seed-" + seed);
        if (variant.pretraining().isPresent() && variant.tuning().isPresent()) {
            Path first = directory.resolve("pretraining");
            Optional<StudyRun> pretrained = train(variant, variant.pretraining().get(), seed, first, null);
            if (pretrained.isPresent()) {
                train(variant, variant.tuning().get(), seed, directory.resolve("tuned"), first.resolve("model"))
                        .ifPresent(run ->
                                add(variant, seed, true, run, pretrained.get().seconds()));
            }
        }
        variant.scratch()
                .flatMap(recipe -> train(variant, recipe, seed, directory.resolve("scratch"), null))
                .ifPresent(run -> add(variant, seed, false, run, 0));
    }

    private void add(StudyVariant variant, int seed, boolean pretrained, StudyRun run, double before) {
        double top1 = run.figures().getOrDefault("top1", Double.NaN);
        rows.add(new StudyResult.Row(variant, seed, pretrained, top1, run.steps(), run.seconds() + before));
    }

    /** Restarts a run that ended before its first checkpoint. */
    private static boolean hasCheckpoint(Path directory) {
        Path checkpoints = directory.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
        } catch (IOException fault) {
            throw new HieraException(checkpoints + ": cannot be listed: " + FileFault.reason(fault), fault);
        }
    }

    private static boolean isUnmeasured(Recipe recipe, Trainer.Result result) {
        return recipe.task() == Recipe.Task.CLASSIFY
                && !result.outcome().figures().containsKey("top1");
    }

    /** Runs one training; empty if it failed or was stopped. */
    private Optional<StudyRun> train(
            StudyVariant variant, Recipe recipe, int seed, Path directory, @Nullable Path start) {
        Recipe seeded = recipe.with("seed", String.valueOf(seed));
        Optional<StudyRun> finished = StudyRun.read(directory, seeded, data.fingerprint());
        if (finished.isPresent() || stop.isRequested()) {
            return finished;
        }
        progress.note(variant.label() + ", seed " + seed + ": " + directory.getFileName());
        StudyClock clock = new StudyClock(directory);
        try {
            Trainer trainer = Trainer.of(seeded)
                    .data(data)
                    .out(directory)
                    .existing(hasCheckpoint(directory) ? Trainer.Existing.RESUME : Trainer.Existing.OVERWRITE)
                    .progress(progress)
                    .stop(stop)
                    .command("study");
            if (start != null) {
                trainer.start(start);
            }
            Trainer.Result result = trainer.run();
            if (result.outcome().complete() && isUnmeasured(recipe, result)) {
                // The process ended just before the result was written; the accuracy is not in the checkpoint.
                result = trainer.existing(Trainer.Existing.OVERWRITE).run();
            }
            double seconds = clock.stop();
            if (!result.outcome().complete()) {
                return Optional.empty();
            }
            StudyRun run =
                    new StudyRun(result.outcome().figures(), result.outcome().steps(), seconds);
            run.write(directory, seeded, data.fingerprint());
            return Optional.of(run);
        } catch (HieraException failure) {
            clock.stop();
            failures.add(
                    variant.label() + ", seed " + seed + ", " + directory.getFileName() + ": " + failure.getMessage());
            progress.note(failures.get(failures.size() - 1));
            return Optional.empty();
        }
    }
}
