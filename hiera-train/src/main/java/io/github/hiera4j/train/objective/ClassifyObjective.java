package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.augment.Mixing;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.recipe.BaselineModels;
import io.github.hiera4j.train.recipe.ModelSettings;
import io.github.hiera4j.train.recipe.Models;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Classification: cross-entropy against mixed and smoothed targets. */
public final class ClassifyObjective implements Objective {
    private final ModelConfig config;
    private final int classes;
    private final Mixing mixing;
    private final Graph training;
    private final Graph inference;

    /**
     * Creates the objective for a number of classes.
     *
     * @param model a Hiera, a rung of the ladder, a ViT or an MViTv2; its drop path and head dropout
     * @param mixing of samples, and smoothing of targets
     * @param classes of the data, 1 or more
     */
    public ClassifyObjective(ModelSettings model, Mixing mixing, int classes) {
        this.mixing = mixing;
        this.classes = classes;
        Optional<BaselineModel> other =
                BaselineModels.classifier(model, classes).or(() -> rung(model, classes));
        if (other.isPresent()) {
            config = other.get();
            training = other.get().trainingGraph().select(Hiera.LOSS);
            inference = other.get().inferenceGraph().select(Hiera.PROBABILITIES);
        } else {
            HieraConfig encoder = hiera(model, classes);
            config = encoder;
            training = new Hiera(encoder).trainingGraph().select(Hiera.LOSS);
            inference = new Hiera(encoder).inferenceGraph().select(Hiera.PROBABILITIES);
        }
    }

    /** Returns the rung of the ladder below Hiera, if the recipe names one. */
    private static Optional<BaselineModel> rung(ModelSettings model, int classes) {
        return model.ladderRung() == Rung.F
                ? Optional.empty()
                : Optional.of(LadderConfig.classifier(hiera(model, classes), model.ladderRung()));
    }

    private static HieraConfig hiera(ModelSettings model, int classes) {
        return Models.encoder(model).toBuilder()
                .numClasses(classes)
                .dropPathRate(model.dropPath())
                .headDropout(model.headDropout())
                .build();
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
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        feeds.put(
                Hiera.TARGETS,
                mixing.apply(
                        batch.pixels(),
                        batch.labels(),
                        classes,
                        batch.rows().rows(),
                        batch.rows().total(),
                        random));
        feeds.put(HieraEncoder.INPUT, batch.pixels());
        return feeds;
    }

    @Override
    public Measurement measurement() {
        return new Predictions();
    }

    /** Probabilities of every class for every view. */
    private final class Predictions extends EvaluationMeasurement {
        Predictions() {
            super(new Evaluation(classes));
        }

        @Override
        public void add(FrozenWeights weights, Batch batch, long firstSample) {
            HostTensor probabilities = weights.run(inference, Map.of(HieraEncoder.INPUT, batch.pixels()))
                    .tensor(Hiera.PROBABILITIES);
            float[] all = probabilities.toFloats();
            for (int i = 0; i < batch.size(); i++) {
                float[] row = Arrays.copyOfRange(all, i * classes, (i + 1) * classes);
                evaluation().addView(batch.indices()[i], batch.labels()[i], row);
            }
        }

        @Override
        public Optional<Evaluation> predictions() {
            return Optional.of(evaluation());
        }
    }
}
