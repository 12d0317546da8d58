package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.run.internal.RunFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a run, in memory and on disk: its position, checkpoints and exported models. It refuses to write values that are not
 * finite.
 */
final class RunState {
    private final Recipe recipe;
    private final Dataset dataset;
    private final Objective objective;
    private final TorchTrainer trainer;
    private final RunDirectory directory;
    private final Progress progress;
    private final String dataFingerprint;
    private final ProcessGroup processes;
    private final RunPlan plan;
    private Position position = Position.START;
    private long lastSave = System.nanoTime();

    /**
     * @param dataFingerprint of the data set; recorded in checkpoints
     * @param processes that share the state: the first one writes it, after all have compared theirs with it
     */
    RunState(
            Recipe recipe,
            Dataset dataset,
            String dataFingerprint,
            Objective objective,
            TorchTrainer trainer,
            RunDirectory directory,
            Progress progress,
            ProcessGroup processes,
            RunPlan plan) {
        this.recipe = recipe;
        this.dataset = dataset;
        this.objective = objective;
        this.trainer = trainer;
        this.directory = directory;
        this.progress = progress;
        this.dataFingerprint = dataFingerprint;
        this.processes = processes;
        this.plan = plan;
    }

    /**
     * Writes a checkpoint and removes the oldest ones.
     *
     * @return the checkpoint; empty in a process that writes none
     */
    Optional<Path> save() {
        requireFinite();
        requireSame();
        try (WeightSource state = trainer.state()) {
            Optional<Path> file = processes.isFirst() ? Optional.of(write(state)) : Optional.empty();
            lastSave = System.nanoTime();
            return file;
        }
    }

    private Path write(WeightSource state) {
        return directory.save(
                state,
                position,
                RecipeSettings.of(recipe),
                dataFingerprint,
                recipe.run().keepCheckpoints());
    }

    Position position() {
        return position;
    }

    /** Sets the position after work on the run. */
    void advance(Position next) {
        position = next;
    }

    /** Returns whether a checkpoint is due, because of the steps or the time since the last one. */
    boolean isCheckpointDue() {
        return recipe.run().isCheckpointDue(position.step(), System.nanoTime() - lastSave);
    }

    /** Returns whether all epochs are trained, or the recipe's patience is exhausted. */
    boolean isAtEnd() {
        int patience = recipe.run().patience();
        return position.epoch() >= recipe.optimisation().epochs() || (patience > 0 && position.stale() >= patience);
    }

    /** Returns whether the run has ended and its model is on disk. */
    boolean isWritten() {
        return isAtEnd()
                && !position.pending()
                && Files.isRegularFile(directory.file("model").resolve("model.safetensors"));
    }

    /**
     * Restores the newest checkpoint of the directory.
     *
     * @throws io.github.hiera4j.model.HieraException if there is none, or {@link #restore} refuses it
     */
    void restoreNewest() {
        directory.removeTemporaryFiles();
        Optional<Path> newest = directory.newest();
        check(
                newest.isPresent(),
                "%s: contains no checkpoint to resume from; start again with --overwrite",
                directory.root());
        restore(newest.get());
        if (isWritten()) {
            return;
        }
        int threads = trainer.options().threads();
        if (position.threads() != 0 && position.threads() != threads) {
            progress.note("resumes with " + threads + " threads instead of " + position.threads()
                    + ": results will not be the same to the last bit");
        }
        progress.note("resumes after step " + position.step() + " of " + plan.steps());
    }

    /**
     * Restores a checkpoint. After a failure the trainer must not be used.
     *
     * @throws io.github.hiera4j.model.HieraException if it is damaged, or was trained with another recipe or on other data
     */
    void restore(Path file) {
        RunDirectory.Loaded loaded = RunDirectory.load(file);
        try (WeightSource tensors = loaded.tensors()) {
            RecipeAgreement.require(file, loaded.recipe(), recipe);
            requireSameData(file, loaded.data());
            int epochs = recipe.optimisation().epochs();
            loaded.position()
                    .requireWithin(
                            file.toString(),
                            epochs,
                            plan.stepsPerEpoch(),
                            recipe.optimisation().accumulation());
            int before = RecipeAgreement.epochs(file, loaded.recipe());
            if (epochs > before) {
                progress.note("epochs " + before + " to " + epochs
                        + ": from now on the learning rate follows the longer schedule");
            }
            trainer.restore(new FiniteWeights(tensors));
            position = loaded.position();
        }
    }

    /** Copies position and weights of the first process to all. */
    void share() {
        if (processes.isAlone()) {
            return;
        }
        byte[] text = Json.MAPPER.writeValueAsBytes(position.toText());
        Map<String, String> received = new LinkedHashMap<>();
        Json.MAPPER
                .readTree(processes.fromFirst(text))
                .forEachEntry((key, value) -> received.put(key, value.asString()));
        position = Position.parse("rank 0", received);
        trainer.takeStateFromFirst();
    }

    private void requireSameData(Path file, Optional<String> fingerprint) {
        if (fingerprint.isEmpty()) {
            progress.note(file.getFileName() + " does not record its training data: the data are not compared");
            return;
        }
        check(
                fingerprint.get().equals(dataFingerprint),
                "%s: was trained on other data: the files, their names or labels in %s have changed; resume with the same"
                        + " data or choose another --out",
                file,
                dataset.name());
    }

    /** Writes the current model to {@code name/} in the run's directory. */
    void export(String name) {
        requireFinite();
        requireSame();
        if (!processes.isFirst()) {
            return;
        }
        PreprocessHints hints = BatchPlans.hints(recipe.data(), objective.encoder());
        objective.export(
                directory.file(name), new FiniteWeights(trainer.averagedWeights()), dataset.classNames(), hints);
    }

    /** Refuses to write if processes differ in weights or position: because of a memory fault, or different machines. */
    private void requireSame() {
        if (processes.isAlone()) {
            return;
        }
        String mine = trainer.checksum() + " " + position.step();
        List<byte[]> all = processes.gather(mine.getBytes(StandardCharsets.UTF_8));
        String first = new String(all.get(0), StandardCharsets.UTF_8);
        for (int rank = 1; rank < all.size(); rank++) {
            check(
                    first.equals(new String(all.get(rank), StandardCharsets.UTF_8)),
                    "step %d: the weights of rank %d differ from those of rank 0; nothing was written. Run the same version in all"
                            + " processes, on machines of the same kind without memory faults",
                    position.step(),
                    rank);
        }
    }

    /** Lets all processes fail together: if they share the optimiser's memory, possibly only one of them sees the value. */
    private void requireFinite() {
        Optional<String> name = trainer.findNotFinite();
        if (processes.any(name.isPresent())) {
            String what = name.map(found -> "'" + found + "'").orElse("a value in another process");
            throw new RunFailure.Diverged(position.step(), what + " is not finite", directory.newest());
        }
    }
}
