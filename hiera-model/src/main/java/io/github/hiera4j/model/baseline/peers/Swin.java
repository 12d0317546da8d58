package io.github.hiera4j.model.baseline.peers;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/** The graph of Swin, with timm's names. Maps are {@code [B, h, w, C]}. */
record Swin(SwinConfig config) {
    private static final double EPSILON = 1e-5;

    Graph graph(boolean training) {
        GraphBuilder g = new GraphBuilder();
        List<Integer> patch = List.of(SwinConfig.PATCH, SwinConfig.PATCH);
        GraphBuilder embed = g.scope("patch_embed");
        Value pixels = g.input(HieraEncoder.INPUT, config.inputShape());
        Value patches = embed.convolution(pixels, "proj", config.embedDim(), patch, patch, List.of(0, 0));
        Value x = embed.layerNorm(g.permute(patches, List.of(0, 2, 3, 1)), "norm", EPSILON);
        int block = 0;
        for (int stage = 0; stage < config.depths().size(); stage++) {
            GraphBuilder layer = g.scope("layers." + stage);
            x = stage == 0 ? x : merge(layer.scope("downsample"), x);
            for (int index = 0; index < config.depths().get(stage); index++) {
                double dropPath = PeerSizes.dropPath(config.dropPathRate(), block++, config.depths());
                x = block(layer.scope("blocks." + index), x, stage, index % 2 == 1, dropPath);
            }
            g.output(Hiera.stage(stage + 1), x);
        }
        Value normed = g.layerNorm(x, "norm", EPSILON);
        Value tokens = g.reshape(normed, Shape.batched(x.size(1) * x.size(2), x.size(3)));
        PeerSizes.finish(g, g.mean(tokens, 1), config.numClasses(), training);
        return g.build();
    }

    /** Merges four neighbours into one token: concatenates the channels of the upper left, lower left, upper right and lower right. */
    private static Value merge(GraphBuilder g, Value x) {
        int height = x.size(1) / 2;
        int width = x.size(2) / 2;
        int channels = x.size(3);
        Value split = g.reshape(x, Shape.batched(height, 2, width, 2, channels));
        Value joined =
                g.reshape(g.permute(split, List.of(0, 1, 3, 4, 2, 5)), Shape.batched(height, width, 4 * channels));
        Value normed = g.layerNorm(joined, "norm", EPSILON);
        return g.matmul(normed, "reduction", g.parameter("reduction.weight", Shape.of(2 * channels, 4 * channels)));
    }

    private Value block(GraphBuilder g, Value x, int stage, boolean isOdd, double dropPath) {
        SwinWindows windows = new SwinWindows(
                x.size(1),
                x.size(2),
                config.windowSize(),
                isOdd,
                config.numHeads().get(stage));
        int channels = x.size(3);
        GraphBuilder attn = g.scope("attn");
        Value normed = windows.shift(g, g.layerNorm(x, "norm1", EPSILON));
        Value attended = windows.attend(attn, attn.linear(normed, "qkv", 3 * channels));
        Value back = windows.shiftBack(g, attn.linear(attended, "proj", channels));
        x = g.add(x, g.dropPath(back, dropPath));
        GraphBuilder mlp = g.scope("mlp");
        Value hidden = mlp.linear(g.layerNorm(x, "norm2", EPSILON), "fc1", 4 * channels, Activation.GELU);
        return g.add(x, g.dropPath(mlp.linear(hidden, "fc2", channels), dropPath));
    }
}
