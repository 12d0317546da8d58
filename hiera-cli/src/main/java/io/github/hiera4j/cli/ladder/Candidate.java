package io.github.hiera4j.cli.ladder;

import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.train.run.StepSubject;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A model to measure.
 *
 * @param name the name in messages
 * @param inference from pixels to scores
 * @param training a supervised training step by batch size
 * @param autoencoder the settings of its autoencoder, if any
 */
record Candidate(String name, Graph inference, IntFunction<StepSubject> training, Optional<ModelConfig> autoencoder) {
    static Candidate of(String name, BaselineModel model) {
        return new Candidate(
                name,
                model.inferenceGraph().select(Hiera.LOGITS),
                batch -> StepSubject.ofBaseline(model, batch),
                Optional.empty());
    }

    static Candidate of(String name, HieraConfig hiera) {
        return new Candidate(
                name,
                hiera.inferenceGraph().select(Hiera.LOGITS),
                batch -> StepSubject.of(hiera, batch),
                Optional.empty());
    }

    Candidate withAutoencoder(ModelConfig mae) {
        return new Candidate(name, inference, training, Optional.of(mae));
    }
}
