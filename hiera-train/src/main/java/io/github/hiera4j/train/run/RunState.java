package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The trainer's state on disk: checkpoints of the run, and exported models. Values that are not finite are never written. */
final class RunState {
    private final Recipe recipe;
    private final Dataset dataset;
    private final Objective objective;
    private final TorchTrainer trainer;
    private final RunDirectory directory;
    private final Progress progress;
    private final String dataFingerprint;
    private final ProcessGroup processes;

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
            ProcessGroup processes) {
        this.recipe = recipe;
        this.dataset = dataset;
        this.objective = objective;
        this.trainer = trainer;
        this.directory = directory;
        this.progress = progress;
        this.dataFingerprint = dataFingerprint;
        this.processes = processes;
    }

    /**
     * Writes a checkpoint and removes the oldest ones.
     *
     * @return the checkpoint; empty in a process that writes none
     */
    Optional<Path> save(Position position) {
        requireFinite(position);
        requireSame(position);
        try (WeightSource state = trainer.state()) {
            return processes.isFirst() ? Optional.of(write(state, position)) : Optional.empty();
        }
    }

    private Path write(WeightSource state, Position position) {
        return directory.save(
                state,
                position,
                RecipeSettings.of(recipe),
                dataFingerprint,
                recipe.run().keepCheckpoints());
    }

    /**
     * Reads a checkpoint. After a failure the trainer must not be used.
     *
     * @return the position of the run
     * @throws io.github.hiera4j.model.HieraException if it is damaged, or was trained with another recipe or on other data
     */
    Position restore(Path file, int stepsPerEpoch) {
        RunDirectory.Loaded loaded = RunDirectory.load(file);
        try (WeightSource tensors = loaded.tensors()) {
            RecipeAgreement.require(file, loaded.recipe(), recipe);
            requireSameData(file, loaded.data());
            int epochs = recipe.optimisation().epochs();
            loaded.position()
                    .requireWithin(
                            file.toString(),
                            epochs,
                            stepsPerEpoch,
                            recipe.optimisation().accumulation());
            int before = RecipeAgreement.epochs(file, loaded.recipe());
            if (epochs > before) {
                progress.note("epochs " + before + " to " + epochs
                        + ": from now on the learning rate follows the longer schedule");
            }
            trainer.restore(new FiniteWeights(tensors));
            return loaded.position();
        }
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

    /** Writes the current model as {@code name/} in the run's directory. */
    void export(String name, Position position) {
        requireFinite(position);
        requireSame(position);
        if (!processes.isFirst()) {
            return;
        }
        PreprocessHints hints = BatchPlans.hints(recipe.data(), objective.encoder());
        objective.export(
                directory.file(name), new FiniteWeights(trainer.averagedWeights()), dataset.classNames(), hints);
    }

    /** Refuses to write if processes differ in weights or position, because of memory faults or different machines. */
    private void requireSame(Position position) {
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

    /** Lets all processes fail together: if they share an optimiser, possibly only one of them sees the value. */
    private void requireFinite(Position position) {
        Optional<String> name = trainer.findNotFinite();
        if (processes.any(name.isPresent())) {
            String what = name.map(found -> "'" + found + "'").orElse("a value in another process");
            throw new RunFailure.Diverged(position.step(), what + " is not finite", directory.newest());
        }
    }
}
