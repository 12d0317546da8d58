package io.github.hiera4j.train.evaluate;

import io.github.hiera4j.torch.distributed.ProcessGroup;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.BatchRows;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.DataSettings;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Measures an objective on all validation samples, and on all views of each video.
 *
 * @param data clips, crops and batch size
 * @param objective the objective to measure
 */
public record Evaluator(DataSettings data, Objective objective) implements EvaluationMethod {

    @Override
    public Optional<Measurement> evaluate(
            FrozenWeights weights, SampleSource validation, BatchLoader loader, BooleanSupplier stop) {
        int[] order = BatchPlans.viewOrder(data, objective.encoder(), validation.size());
        BatchLoader.Plan plan = BatchPlans.test(data, objective.encoder(), validation);
        return measure(weights, plan, order, objective.measurement(), loader, stop);
    }

    /** Divides every batch among the processes if their partial measurements can be combined. */
    @Override
    public Optional<Measurement> evaluate(
            FrozenWeights weights,
            SampleSource validation,
            BatchLoader loader,
            BooleanSupplier stop,
            ProcessGroup processes) {
        Measurement whole = objective.measurement();
        if (processes.isAlone() || whole.collected().isEmpty()) {
            return EvaluationMethod.super.evaluate(weights, validation, loader, stop, processes);
        }
        int[] order = BatchPlans.viewOrder(data, objective.encoder(), validation.size());
        BatchLoader.Plan plan = BatchPlans.test(data, objective.encoder(), validation)
                .withRows(total -> new BatchRows(processes.share().consecutiveRows(total), total));
        Optional<Measurement> part = measure(weights, plan, order, objective.measurement(), loader, stop);
        if (processes.any(part.isEmpty())) {
            return Optional.empty();
        }
        processes.gather(part.flatMap(Measurement::collected).orElseThrow()).forEach(whole::addCollected);
        return Optional.of(whole);
    }

    /**
     * Measures batches in order, for evaluation methods that prepare samples in their own way.
     *
     * @param weights the model's current weights
     * @param plan how samples are read and prepared
     * @param order indices of the samples, in the order in which they are measured
     * @param measurement receives every batch
     * @param loader reads the samples
     * @param stop polled before every batch; true ends the evaluation
     * @return the measurement, empty if it was stopped
     */
    public static Optional<Measurement> measure(
            FrozenWeights weights,
            BatchLoader.Plan plan,
            int[] order,
            Measurement measurement,
            BatchLoader loader,
            BooleanSupplier stop) {
        long first = 0;
        try (BatchLoader.Batches batches = loader.epoch(plan, order, 0, 0, 0)) {
            while (batches.hasNext()) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                Batch batch = batches.next();
                if (batch.size() > 0) {
                    measurement.add(weights, batch, first);
                }
                first += batch.rows().total();
            }
        }
        return Optional.of(measurement);
    }
}
