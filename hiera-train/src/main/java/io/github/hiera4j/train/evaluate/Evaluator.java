package io.github.hiera4j.train.evaluate;

import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.DataSettings;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Measures validation samples as an objective says: every sample, every view of a video.
 *
 * @param data clips, crops and batch size
 * @param objective what is measured
 */
public record Evaluator(DataSettings data, Objective objective) implements EvaluationMethod {

    @Override
    public Optional<Measurement> evaluate(
            FrozenWeights weights, SampleSource validation, BatchLoader loader, BooleanSupplier stop) {
        Measurement measurement = objective.measurement();
        int[] order = Loading.viewOrder(data, objective.encoder(), validation.size());
        BatchLoader.Plan plan = Loading.test(data, objective.encoder(), validation);
        long first = 0;
        try (BatchLoader.Batches batches = loader.epoch(plan, order, 0, 0, 0)) {
            while (batches.hasNext()) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                Batch batch = batches.next();
                measurement.add(weights, batch, first);
                first += batch.size();
            }
        }
        return Optional.of(measurement);
    }
}
