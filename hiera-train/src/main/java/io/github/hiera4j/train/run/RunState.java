package io.github.hiera4j.train.run;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.evaluate.Loading;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Path;
import java.util.Optional;

/** The trainer's state on disk: checkpoints of the run, and models that are exported. Nothing that is not finite is ever written. */
final class RunState {
    private final Recipe recipe;
    private final Dataset dataset;
    private final Objective objective;
    private final TorchTrainer trainer;
    private final RunDirectory directory;
    private final Progress progress;
    private final String dataFingerprint;

    /** @param dataFingerprint of the data set, which checkpoints record */
    RunState(
            Recipe recipe,
            Dataset dataset,
            String dataFingerprint,
            Objective objective,
            TorchTrainer trainer,
            RunDirectory directory,
            Progress progress) {
        this.recipe = recipe;
        this.dataset = dataset;
        this.objective = objective;
        this.trainer = trainer;
        this.directory = directory;
        this.progress = progress;
        this.dataFingerprint = dataFingerprint;
    }

    /** Writes a checkpoint and removes the oldest ones. */
    Path save(Position position) {
        requireFinite(position);
        return directory.save(
                trainer.state(),
                position,
                RecipeSettings.of(recipe),
                dataFingerprint,
                recipe.run().keepCheckpoints());
    }

    /**
     * Reads a checkpoint. After a failure the trainer must not be used.
     *
     * @return where the run stands
     * @throws io.github.hiera4j.model.HieraException if it is damaged, of another recipe or of other data
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
                        + ": from here on the learning rate follows the longer schedule");
            }
            trainer.restore(new FiniteWeights(tensors));
            return loaded.position();
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

    /** Writes the model as it is, as {@code name/} in the run's directory. */
    void export(String name, Position position) {
        requireFinite(position);
        PreprocessHints hints = Loading.hints(recipe.data(), objective.encoder());
        objective.export(
                directory.file(name), new FiniteWeights(trainer.averagedWeights()), dataset.classNames(), hints);
    }

    private void requireFinite(Position position) {
        trainer.findNotFinite().ifPresent(name -> {
            throw new RunFailure.Diverged(position.step(), "'" + name + "' is not finite", directory.newest());
        });
    }
}
