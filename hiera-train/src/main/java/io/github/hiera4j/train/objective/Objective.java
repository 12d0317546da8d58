package io.github.hiera4j.train.objective;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.metrics.Evaluation;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What a run learns: the graph that is trained, what it is fed, and how it is judged. */
public sealed interface Objective permits ClassifyObjective, MaeObjective {
    /** The model that a checkpoint of this run describes. */
    ModelConfig config();

    /** The graph whose {@code loss} goes down. */
    Graph graph();

    /** What a batch feeds to the graph; may change the batch's pixels. */
    Map<String, HostTensor> feeds(Batch batch, RandomGenerator random);

    /** Adds a batch of held-out samples to an evaluation. */
    void judge(FrozenWeights weights, Batch batch, long firstSample, Evaluation evaluation);

    /** The encoder's settings. */
    default HieraConfig encoder() {
        return config().encoder();
    }
}
