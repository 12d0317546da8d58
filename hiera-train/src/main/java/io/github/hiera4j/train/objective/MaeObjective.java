package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.HogTargets;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaeTarget;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.Axes;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.recipe.BaselineModels;
import io.github.hiera4j.train.recipe.ModelSettings;
import io.github.hiera4j.train.recipe.Models;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Reconstruction of masked units: the mean squared error of the target that the recipe names. */
public final class MaeObjective implements Objective {
    private final MaeConfig config;
    private final ModelConfig trained;
    private final double maskRatio;
    private final Graph training;
    private final Graph inference;

    /**
     * {@return the objective of pretraining a model: a Hiera, a rung of the ladder or a ViT}
     *
     * @param model the encoder, its drop path, and the fraction of masked units
     */
    public static Objective of(ModelSettings model) {
        return BaselineModels.autoencoder(model)
                .<Objective>map(vit -> new PatchMaeObjective(vit, model.maskRatio()))
                .orElseGet(() -> new MaeObjective(model));
    }

    /**
     * Creates the objective for a Hiera or a rung of the ladder.
     *
     * @param model the encoder, its drop path, and the fraction of masked units
     */
    public MaeObjective(ModelSettings model) {
        config = Models.autoencoder(model);
        maskRatio = model.maskRatio();
        Rung rung = model.ladderRung();
        if (rung == Rung.F) {
            trained = config;
            training = new HieraMae(config).trainingGraph(maskRatio).select(HieraMae.LOSS);
            inference = new HieraMae(config).inferenceGraph(maskRatio).select(HieraMae.LOSS);
        } else {
            LadderMae ladder = LadderMae.of(config, rung);
            trained = ladder;
            training = ladder.trainingGraph(maskRatio).select(HieraMae.LOSS);
            inference = ladder.inferenceGraph(
                            MaskUnits.keepCount(Axes.product(config.encoder().unitGrid()), maskRatio))
                    .select(HieraMae.LOSS);
        }
    }

    @Override
    public ModelConfig config() {
        return trained;
    }

    @Override
    public Graph graph() {
        return training;
    }

    /** {@return the settings of decoder, mask units and size; for a rung of the ladder, those of Hiera} */
    public MaeConfig autoencoder() {
        return config;
    }

    /** {@return whether predictions can be shown as pictures: it must predict normalised pixels and have the encoder of Hiera} */
    public boolean showsPictures() {
        return trained instanceof MaeConfig && config.target() == MaeTarget.NORMALISED_PIXELS;
    }

    /** {@return the fraction of the mask units that are masked} */
    public double maskRatio() {
        return maskRatio;
    }

    @Override
    public Map<String, HostTensor> feeds(Batch batch, RandomGenerator random) {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(HieraEncoder.INPUT, batch.pixels());
        feeds.putAll(HogTargets.feeds(config, feeds));
        MaskUnits whole = MaskUnits.random(config, batch.rows().total(), maskRatio, random);
        feeds.putAll(whole.select(batch.rows().rows()).feeds(config));
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
