package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.train.data.Batch;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Reconstruction of masked patches with a ViT (He et al., 2022): the mean squared error of normalised pixels. The position tables are
 * sines and cosines, which training does not change.
 */
final class PatchMaeObjective implements Objective {
    private final VisionTransformerMae config;
    private final double maskRatio;
    private final Graph training;
    private final Graph inference;

    PatchMaeObjective(VisionTransformerMae config, double maskRatio) {
        this.config = config;
        this.maskRatio = maskRatio;
        int visible = MaskUnits.keepCount(config.transformer().patches(), maskRatio);
        training = config.graph(visible).select(HieraMae.LOSS);
        inference = config.withoutDropPath().graph(visible).select(HieraMae.LOSS);
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
    public Set<String> fixed() {
        return VisionTransformerMae.POSITION_TABLES;
    }

    @Override
    public Map<String, HostTensor> feeds(Batch batch, RandomGenerator random) {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraEncoder.INPUT, batch.pixels());
        MaskUnits whole =
                MaskUnits.random(config.transformer().patches(), batch.rows().total(), maskRatio, random);
        feeds.putAll(config.feeds(whole.select(batch.rows().rows())));
        return feeds;
    }

    @Override
    public Measurement measurement() {
        return new ReconstructionLoss(this, inference);
    }

    /** Ignores class names, which an autoencoder does not have. */
    @Override
    public void export(Path directory, WeightSource weights, List<String> classNames, PreprocessHints hints) {
        Objective.super.export(directory, weights, List.of(), hints);
    }
}
