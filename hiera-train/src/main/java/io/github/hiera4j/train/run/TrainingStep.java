package io.github.hiera4j.train.run;

import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.LaterInputs;
import io.github.hiera4j.torch.train.StepOutputs;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.recipe.LearningRate;
import io.github.hiera4j.train.recipe.OptimisationSettings;
import io.github.hiera4j.train.run.internal.RunFailure;
import io.github.hiera4j.train.trace.Activity;
import io.github.hiera4j.train.trace.StepRecorder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** One update of the weights: the gradients of one or more batches, summed, clipped and applied. */
final class TrainingStep {
    private static final int FEEDS = 0xba7c;
    private static final int LATER_FEEDS = 0x1a7e;
    private static final int GRADIENT = 0xd209;

    private final TorchTrainer trainer;
    private final Objective objective;
    private final OptimisationSettings settings;
    private final LearningRate schedule;
    private final long seed;
    private final Supplier<Optional<Path>> newestCheckpoint;
    private final ProcessGroup processes;
    private StepRecorder recorder;

    /**
     * @param newestCheckpoint for messages
     * @param processes that compute the step together, each from a part of every batch
     */
    TrainingStep(
            TorchTrainer trainer,
            Objective objective,
            OptimisationSettings settings,
            LearningRate schedule,
            long seed,
            Supplier<Optional<Path>> newestCheckpoint,
            ProcessGroup processes) {
        this.trainer = trainer;
        this.objective = objective;
        this.settings = settings;
        this.schedule = schedule;
        this.seed = seed;
        this.newestCheckpoint = newestCheckpoint;
        this.processes = processes;
        this.recorder = new StepRecorder(trainer, processes, 0, trace -> {});
    }

    /** Sets the recorder of subsequent steps. */
    void record(StepRecorder with) {
        recorder = with;
    }

    /** Ends the recording; must be called after the last step. */
    void endRecording() {
        recorder.end();
    }

    /**
     * The measurements of a step.
     *
     * @param loss the mean over the samples of all processes
     * @param lossParts the same for every loss term that the objective names
     * @param gradientNorm before clipping
     * @param learningRate the applied rate
     * @param samples number of samples in all batches of all processes
     */
    record Result(double loss, Map<String, Double> lossParts, double gradientNorm, double learningRate, int samples) {}

    /**
     * Performs one update.
     *
     * @param number of the step, from 0; together with the seed, it determines all random choices
     * @throws RunFailure.Diverged if the loss or the gradient is not finite; the weights are then unchanged
     */
    Result take(BatchLoader.Batches batches, long number) {
        recorder.before();
        Result result = update(batches, number);
        recorder.after(number + 1);
        return result;
    }

    private Result update(BatchLoader.Batches batches, long number) {
        double loss = 0;
        Map<String, Double> lossParts = new LinkedHashMap<>();
        int samples = 0;
        int parts = settings.accumulation();
        for (int part = 0; part < parts; part++) {
            Batch batch = batches.next();
            trainer.times().add(Activity.WAIT_FOR_DATA);
            samples += batch.rows().total();
            var feeds = objective.feeds(batch, Randomness.of(seed, FEEDS, number, part));
            LaterInputs later = objective.laterInputs(batch, Randomness.of(seed, LATER_FEEDS, number, part));
            long drops = Randomness.mix(seed, GRADIENT, number, part);
            StepOutputs outputs = trainer.backward(feeds, later, 1.0 / parts, drops, part == parts - 1);
            loss += outputs.loss() / parts;
            for (String name : objective.lossParts()) {
                lossParts.merge(name, outputs.tensor(name).get(0) / parts, Double::sum);
            }
        }
        // All processes use the norm of rank 0: a sum that is rounded differently in one of them must not change its
        // weights.
        double[] all = processes.sum(loss, processes.isFirst() ? trainer.gradientNorm() : 0);
        loss = all[0] / processes.size();
        lossParts.replaceAll((name, value) -> processes.sum(value)[0] / processes.size());
        trainer.times().add(Activity.FIGURES);
        requireFinite(loss, "the loss is", number);
        double norm = all[1];
        requireFinite(norm, "the norm of the gradient is", number);
        if (settings.clipNorm() > 0 && norm > settings.clipNorm()) {
            trainer.scaleGradient(settings.clipNorm() / (norm + 1e-6));
        }
        double rate = schedule.at(number);
        trainer.update(rate, number + 1, settings.averageDecay());
        return new Result(loss, lossParts, norm, rate, samples);
    }

    private void requireFinite(double value, String what, long step) {
        if (!Double.isFinite(value)) {
            throw new RunFailure.Diverged(step + 1, what + " " + value, newestCheckpoint.get());
        }
    }
}
