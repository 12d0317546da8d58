package io.github.hiera4j.model.baseline.peers;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/** The graph of ConvNeXt V2, with timm's names. Maps are {@code [B, h, w, C]}. */
record ConvNeXtV2(ConvNeXtV2Config config) {
    private static final double EPSILON = 1e-6;
    private static final int KERNEL = 7;

    /** Keeps the inverse root finite for a channel that is 0 everywhere; far below the values of any other channel. */
    private static final double TINY = 1e-30;

    Graph graph(boolean training) {
        GraphBuilder g = new GraphBuilder();
        Value pixels = g.input(HieraEncoder.INPUT, config.inputShape());
        GraphBuilder stem = g.scope("stem");
        Value x = stem.layerNorm(
                lastChannels(
                        g,
                        stem.convolution(
                                pixels, "0", config.dims().get(0), List.of(4, 4), List.of(4, 4), List.of(0, 0))),
                "1",
                EPSILON);
        int block = 0;
        for (int stage = 0; stage < config.depths().size(); stage++) {
            GraphBuilder scope = g.scope("stages." + stage);
            x = stage == 0
                    ? x
                    : downsample(scope.scope("downsample"), x, config.dims().get(stage));
            for (int index = 0; index < config.depths().get(stage); index++) {
                double dropPath = PeerSizes.dropPath(config.dropPathRate(), block++, config.depths());
                x = block(scope.scope("blocks." + index), x, dropPath);
            }
            g.output(Hiera.stage(stage + 1), x);
        }
        Value tokens = g.reshape(x, Shape.batched(x.size(1) * x.size(2), x.size(3)));
        PeerSizes.finish(
                g, g.scope("head").layerNorm(g.mean(tokens, 1), "norm", EPSILON), config.numClasses(), training);
        return g.build();
    }

    private static Value lastChannels(GraphBuilder g, Value map) {
        return g.permute(map, List.of(0, 2, 3, 1));
    }

    private static Value downsample(GraphBuilder g, Value x, int channels) {
        Value normed = g.permute(g.layerNorm(x, "0", EPSILON), List.of(0, 3, 1, 2));
        return lastChannels(g, g.convolution(normed, "1", channels, List.of(2, 2), List.of(2, 2), List.of(0, 0)));
    }

    private static Value block(GraphBuilder g, Value x, double dropPath) {
        int height = x.size(1);
        int width = x.size(2);
        int channels = x.size(3);
        Value kernels = g.parameter("conv_dw.weight", Shape.of(channels, 1, KERNEL, KERNEL));
        Op.DepthwiseConvolution slide = new Op.DepthwiseConvolution(List.of(1, 1), List.of(KERNEL / 2, KERNEL / 2), 1);
        Value grid = g.reshape(x, Shape.batched(1, height, width, channels));
        Value convolved = g.reshape(g.depthwiseConvolution(grid, "conv_dw", kernels, slide), x.shape());
        Value bias = g.reshape(g.parameter("conv_dw.bias", Shape.of(channels)), 1, 1, 1, channels);
        Value normed = g.layerNorm(g.add(convolved, bias), "norm", EPSILON);
        GraphBuilder mlp = g.scope("mlp");
        Value hidden = mlp.linear(normed, "fc1", 4 * channels, Activation.GELU);
        Value tokens = g.reshape(hidden, Shape.batched(height * width, 4 * channels));
        Value projected = mlp.linear(globalResponseNorm(mlp.scope("grn"), tokens), "fc2", channels);
        return g.add(x, g.dropPath(g.reshape(projected, x.shape()), dropPath));
    }

    /**
     * Applies global response normalisation to {@code [B, N, C]}: each channel's norm over all positions, divided by the mean norm of the channels,
     * scales the channel; {@code y + weight · y · n + bias}.
     */
    private static Value globalResponseNorm(GraphBuilder g, Value y) {
        int channels = y.size(2);
        Value squares = g.multiply(
                g.mean(g.multiply(y, y), 1), PeerSizes.number(g, "places", y.size(1), 2)); // [B, C], their sum
        Value root = g.elementwise(g.add(squares, PeerSizes.number(g, "tiny", TINY, 2)), Function.INVERSE_SQUARE_ROOT);
        Value norm = g.multiply(squares, root);
        Value mean = g.mean(g.reshape(norm, Shape.batched(channels, 1)), 1); // [B, 1]
        Value inverse =
                g.elementwise(g.add(mean, PeerSizes.number(g, "epsilon", EPSILON, 2)), Function.INVERSE_SQUARE_ROOT);
        Value relative = g.multiply(norm, g.multiply(inverse, inverse));
        Value weight = g.reshape(g.parameter("weight", Shape.of(channels)), 1, 1, channels);
        Value bias = g.reshape(g.parameter("bias", Shape.of(channels)), 1, 1, channels);
        Value scaled = g.multiply(g.multiply(y, g.reshape(relative, Shape.batched(1, channels))), weight);
        return g.add(y, g.add(scaled, bias));
    }
}
