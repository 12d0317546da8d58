package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.backend.Availability;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.GradientEngine;
import io.github.hiera4j.model.backend.GradientSession;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.TorchBackend;
import io.github.hiera4j.torch.tape.Tape;

/** Computes gradients with the {@link Tape}, for explanations. */
public final class TorchGradients implements GradientEngine {
    @Override
    public Availability availability() {
        return new TorchBackend().availability();
    }

    @Override
    public GradientSession differentiate(Graph graph, WeightSource weights, CompileOptions options) {
        return new TorchGradientSession(graph, weights, options);
    }
}
