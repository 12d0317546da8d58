package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Painting hidden mask units: mean squared error of normalised pixels. */
public final class MaeObjective implements Objective {
    private final MaeConfig config;
    private final double maskRatio;
    private final Graph training;
    private final Graph inference;

    public MaeObjective(Recipe recipe) {
        config = Models.autoencoder(recipe);
        maskRatio = recipe.maskRatio();
        training = new HieraMae(config).trainingGraph(maskRatio).select(HieraMae.LOSS);
        inference = new HieraMae(config).inferenceGraph(maskRatio).select(HieraMae.LOSS);
    }

    @Override
    public ModelConfig config() {
        return config;
    }

    @Override
    public Graph graph() {
        return training;
    }

    /** The autoencoder. */
    public MaeConfig autoencoder() {
        return config;
    }

    public double maskRatio() {
        return maskRatio;
    }

    @Override
    public Map<String, HostTensor> feeds(Batch batch, RandomGenerator random) {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraEncoder.INPUT, batch.pixels());
        feeds.putAll(MaskUnits.random(config, batch.size(), maskRatio, random).feeds(config));
        return feeds;
    }

    @Override
    public void judge(FrozenWeights weights, Batch batch, long firstSample, Evaluation evaluation) {
        RandomGenerator sameMasksEachTime = Randomness.of(0, firstSample);
        double loss = weights.run(inference, feeds(batch, sameMasksEachTime)).loss();
        evaluation.addLoss(loss, batch.size());
    }
}
