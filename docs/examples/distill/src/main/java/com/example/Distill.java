package com.example;

import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.ParameterGroup;
import io.github.hiera4j.torch.train.TorchTrainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains three steps with a custom objective and exports the weights: {@code Distill WEIGHTS IMAGE OUT}.
 *
 * <p>The objective is the mean squared difference between the model's class scores and those of a teacher. The teacher here is the model itself with
 * every score doubled.
 */
public final class Distill {
    private static final int STEPS = 3;

    private Distill() {}

    public static void main(String[] arguments) {
        Path weights = Path.of(arguments[0]);
        Path out = Path.of(arguments[2]);
        HostTensor pixels; // [1, 3, H, W]
        HostTensor scores; // [1, classes]
        try (HieraClassifier model = HieraClassifier.load(weights)) {
            pixels = model.preprocess().apply(ImageReader.read(Path.of(arguments[1])));
            scores = doubled(model.logits(pixels));
        }
        try (Checkpoint checkpoint = Checkpoint.open(weights)) {
            HieraConfig config = checkpoint.config().encoder();
            Graph graph = graph(config);
            List<ParameterGroup> groups = List.of(new ParameterGroup(List.copyOf(graph.parameters().keySet()), 1, 0));
            try (TorchTrainer trainer = new TorchTrainer(
                    graph,
                    groups,
                    new OptimizerSettings.AdamW(0.9, 0.999, 1e-8),
                    checkpoint.weights(),
                    TorchTrainer.Options.DEFAULT)) {
                for (int step = 1; step <= STEPS; step++) {
                    double loss = trainer.backward(Map.of(HieraEncoder.INPUT, pixels, "teacher", scores), 1, step)
                            .loss();
                    trainer.update(1e-4, step, 0);
                    System.out.printf(Locale.ROOT, "step %d\tloss %.6f%n", step, loss);
                }
                CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(out, config, trainer.weights());
            }
        }
        System.out.println("exported\t" + out);
    }

    /** The published network with a different loss. */
    private static Graph graph(HieraConfig config) {
        GraphBuilder g = new GraphBuilder();
        HieraEncoder encoder = new HieraEncoder(config);
        Value tokens = encoder.build(g, encoder.input(g)).tokens(); // [B, N, C]
        Value embedding = g.layerNorm(g.mean(tokens, 1), "norm", config.layerNormEps()); // [B, C]
        Value logits = g.scope("head").linear(embedding, "projection", config.numClasses()); // [B, classes]
        Value teacher = g.input("teacher", Shape.batched(config.numClasses())); // [B, classes]
        g.output("loss", g.meanSquaredError(logits, teacher)); // [1]
        return g.build();
    }

    private static HostTensor doubled(HostTensor scores) {
        float[] values = scores.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= 2;
        }
        return HostTensor.of(scores.shape(), values);
    }
}
