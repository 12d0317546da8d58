package io.github.hiera4j.train.run;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.Checkpoint;
import io.github.hiera4j.torch.TorchBackend;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.Map;
import java.util.Objects;

/** Judges a classifier that lies in a file. */
public final class CheckpointEvaluation {
    private CheckpointEvaluation() {}

    /** Shows every sample to the model, every clip of a video, and averages the clips' probabilities. */
    public static Evaluation run(Checkpoint checkpoint, Recipe recipe, SampleSource source) {
        HieraConfig config = checkpoint.config().encoder();
        Graph graph = config.inferenceGraph().select(Hiera.PROBABILITIES);
        CompileOptions options = new CompileOptions(recipe.computeType(), recipe.device(), recipe.threads());
        Evaluation evaluation = new Evaluation(config.numClasses());
        int views = config.isVideo() ? recipe.testClips() : 1;
        int[] order = new int[source.size() * views];
        for (int i = 0; i < order.length; i++) {
            order[i] = i / views;
        }
        try (Session session = new TorchBackend().compile(graph, checkpoint.weights(), options);
                BatchLoader loader = new BatchLoader(recipe.workers());
                BatchLoader.Batches batches = loader.epoch(Loading.test(recipe, config, source), order, 0, 0, 0)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                HostTensor probabilities = Objects.requireNonNull(
                        session.run(Map.of(HieraEncoder.INPUT, batch.pixels())).get(Hiera.PROBABILITIES));
                for (int i = 0; i < batch.size(); i++) {
                    evaluation.addView(
                            batch.indices()[i],
                            batch.labels()[i],
                            probabilities.slice(i).toFloats());
                }
            }
        }
        return evaluation;
    }
}
