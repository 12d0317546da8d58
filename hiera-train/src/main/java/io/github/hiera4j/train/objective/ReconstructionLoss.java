package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.random.RandomGenerator;

/** The loss of an autoencoder, with the same masks in every evaluation. */
final class ReconstructionLoss extends EvaluationMeasurement {
    private final Objective objective;
    private final Graph inference;

    ReconstructionLoss(Objective objective, Graph inference) {
        super(new Evaluation(0));
        this.objective = objective;
        this.inference = inference;
    }

    @Override
    public void add(FrozenWeights weights, Batch batch, long firstSample) {
        RandomGenerator sameMasks = Randomness.of(0, firstSample);
        double loss = weights.run(inference, objective.feeds(batch, sameMasks)).loss();
        evaluation().addLoss(loss, batch.size());
    }
}
