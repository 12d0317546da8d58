package io.github.hiera4j.train.run;

import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.evaluate.EvaluationMethod;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.report.ReconstructionStrip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Evaluates the model of a run on the held-out samples. It keeps the last result for the {@link TrainingRun.Outcome}. */
final class RunEvaluation {
    private final EvaluationMethod method;
    private final TorchTrainer trainer;
    private final BatchLoader loader;
    private final SampleSource heldOut;
    private final StopSignal stop;
    private final ProcessGroup processes;
    private final Optional<ReconstructionStrip> strip;
    private @Nullable Measurement last;

    RunEvaluation(
            EvaluationMethod method,
            TorchTrainer trainer,
            BatchLoader loader,
            SampleSource heldOut,
            StopSignal stop,
            ProcessGroup processes,
            Optional<ReconstructionStrip> strip) {
        this.method = method;
        this.trainer = trainer;
        this.loader = loader;
        this.heldOut = heldOut;
        this.stop = stop;
        this.processes = processes;
        this.strip = strip;
    }

    /**
     * Evaluates the current model, and adds pictures to the strip of an autoencoder.
     *
     * @param step updates so far
     * @return the figures; empty if the run was asked to stop meanwhile
     */
    Optional<Measurement> evaluate(long step) {
        try (FrozenWeights frozen = trainer.freeze(true)) {
            Optional<Measurement> measurement = method.evaluate(frozen, heldOut, loader, stop::isRequested, processes);
            if (measurement.isPresent() && processes.isFirst()) {
                strip.ifPresent(pictures -> pictures.add(step, frozen, heldOut, loader));
            }
            return measurement;
        }
    }

    /** Keeps the result of an evaluation at the end of an epoch. */
    void keep(Measurement measurement) {
        last = measurement;
    }

    /** Returns the outcome of a run after the given number of updates. */
    TrainingRun.Outcome outcome(boolean complete, long steps) {
        Optional<Measurement> kept = Optional.ofNullable(last);
        return new TrainingRun.Outcome(
                complete,
                steps,
                kept.map(Measurement::figures).orElse(Map.of()),
                kept.flatMap(Measurement::predictions),
                complete ? kept.map(Measurement::sections).orElse(List.of()) : List.of());
    }
}
