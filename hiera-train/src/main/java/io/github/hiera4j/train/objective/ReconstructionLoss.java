package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The loss of an autoencoder, with the same masks in every evaluation. */
final class ReconstructionLoss implements Measurement {
    private final Objective objective;
    private final Graph inference;
    private final Evaluation evaluation = new Evaluation(0);

    ReconstructionLoss(Objective objective, Graph inference) {
        this.objective = objective;
        this.inference = inference;
    }

    @Override
    public void add(FrozenWeights weights, Batch batch, long firstSample) {
        RandomGenerator sameMasks = Randomness.of(0, firstSample);
        double loss = weights.run(inference, objective.feeds(batch, sameMasks)).loss();
        evaluation.addLoss(loss, batch.size());
    }

    @Override
    public Optional<byte[]> collected() {
        return Optional.of(evaluation.toBytes());
    }

    @Override
    public void addCollected(byte[] collected) {
        evaluation.addAll(collected);
    }

    @Override
    public Map<String, Double> figures() {
        return evaluation.figures();
    }

    @Override
    public double score() {
        return evaluation.score();
    }
}
