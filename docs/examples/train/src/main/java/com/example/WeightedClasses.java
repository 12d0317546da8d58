package com.example;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.objective.Measurement;
import io.github.hiera4j.train.objective.Objective;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Classification with class weights: the cross-entropy of a sample is multiplied by the weight of its class. */
final class WeightedClasses implements Objective {
    private final HieraConfig config;
    private final float[] weights;
    private final Graph training;
    private final Graph validation;

    /** @param weights one per class */
    WeightedClasses(HieraConfig encoder, float... weights) {
        this.config = encoder.toBuilder().numClasses(weights.length).build();
        this.weights = weights.clone();
        training = new Hiera(config).trainingGraph().select(Hiera.LOSS);
        validation = new Hiera(config).inferenceGraph().select(Hiera.PROBABILITIES);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Graph graph() {
        return training;
    }

    @Override
    public Map<String, HostTensor> feeds(Batch batch, RandomGenerator random) {
        float[] targets = new float[batch.size() * weights.length]; // [B, classes]
        for (int sample = 0; sample < batch.size(); sample++) {
            int label = batch.labels()[sample];
            targets[sample * weights.length + label] = weights[label];
        }
        return Map.of(
                HieraEncoder.INPUT, batch.pixels(),
                Hiera.TARGETS, HostTensor.of(Shape.of(batch.size(), weights.length), targets));
    }

    @Override
    public Measurement measurement() {
        return new WeightedAccuracy();
    }

    /** Weighted accuracy: the share of the samples' weights that is predicted correctly. */
    private final class WeightedAccuracy implements Measurement {
        private double correct;
        private double all;

        @Override
        public void add(FrozenWeights model, Batch batch, long firstSample) {
            float[] scores = model.run(validation, Map.of(HieraEncoder.INPUT, batch.pixels()))
                    .tensor(Hiera.PROBABILITIES)
                    .toFloats(); // [B, classes]
            for (int sample = 0; sample < batch.size(); sample++) {
                int best = 0;
                for (int label = 1; label < weights.length; label++) {
                    best = scores[sample * weights.length + label] > scores[sample * weights.length + best] ? label : best;
                }
                int label = batch.labels()[sample];
                all += weights[label];
                correct += best == label ? weights[label] : 0;
            }
        }

        @Override
        public Map<String, Double> figures() {
            return Map.of("weighted_accuracy", score());
        }

        @Override
        public double score() {
            return all == 0 ? 0 : correct / all;
        }
    }
}
