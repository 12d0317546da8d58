package io.github.hiera4j.train.evaluate;

import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Shows held-out samples to a model, every view of a video. */
public final class Evaluator {
    private Evaluator() {}

    /**
     * Evaluates every sample.
     *
     * @param classes 0 for an autoencoder
     * @param stop asked after every batch whether to give up
     * @return empty if it was given up
     * @throws io.github.hiera4j.model.HieraException if a score is not finite
     */
    public static Optional<Evaluation> evaluate(
            Recipe recipe,
            Objective objective,
            FrozenWeights weights,
            SampleSource source,
            int classes,
            BatchLoader loader,
            BooleanSupplier stop) {
        Evaluation evaluation = new Evaluation(classes);
        int[] order = Loading.viewOrder(recipe, objective.encoder(), source.size());
        BatchLoader.Plan plan = Loading.test(recipe, objective.encoder(), source);
        long first = 0;
        try (BatchLoader.Batches batches = loader.epoch(plan, order, 0, 0, 0)) {
            while (batches.hasNext()) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                Batch batch = batches.next();
                objective.judge(weights, batch, first, evaluation);
                first += batch.size();
            }
        }
        return Optional.of(evaluation);
    }
}
