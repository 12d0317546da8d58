package io.github.hiera4j.train.evaluate;

import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.objective.Measurement;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** How a model is evaluated between epochs. */
@FunctionalInterface
public interface EvaluationMethod {
    /**
     * Evaluates a model.
     *
     * @param weights the model's current weights
     * @param validation samples; at least one
     * @param loader reads them
     * @param stop polled from time to time; true ends the evaluation
     * @return empty if the evaluation was stopped
     */
    Optional<Measurement> evaluate(
            FrozenWeights weights, SampleSource validation, BatchLoader loader, BooleanSupplier stop);

    /**
     * Evaluates a model in several processes; all get the same result.
     *
     * <p>By default, each process measures all samples.
     *
     * @param processes the processes, all of which call this
     * @param loader reads the samples
     * @param stop true if the evaluation should stop
     * @param validation the held-out samples
     * @param weights the weights to evaluate
     * @return empty if the evaluation was stopped in one of them
     */
    default Optional<Measurement> evaluate(
            FrozenWeights weights,
            SampleSource validation,
            BatchLoader loader,
            BooleanSupplier stop,
            ProcessGroup processes) {
        Optional<Measurement> measured = evaluate(weights, validation, loader, stop);
        return processes.any(measured.isEmpty()) ? Optional.empty() : measured;
    }
}
