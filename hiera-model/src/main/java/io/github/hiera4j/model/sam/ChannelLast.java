package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * Convolutions whose kernel equals their stride, on maps {@code [B, h, w, C]}: each is a linear layer and a change of order. The
 * parameters keep the shapes of the checkpoints.
 */
final class ChannelLast {
    /** Epsilon of every LayerNorm over the channels of a map. */
    static final double MAP_NORM_EPS = 1e-6;

    private ChannelLast() {}

    /** A 1 × 1 convolution: {@code […, I]} to {@code […, channels]}. */
    static Value pointwise(GraphBuilder g, Value x, String name, int channels) {
        Value bias = g.parameter(name + ".bias", Shape.of(channels));
        return g.linear(x, name, pointwiseWeight(g, name, channels, x.size(-1)), bias);
    }

    /** The weight {@code [O, I]} of a 1 × 1 convolution. */
    static Value pointwiseWeight(GraphBuilder g, String name, int channels, int inputs) {
        return g.reshape(g.parameter(name + ".weight", Shape.of(channels, inputs, 1, 1)), channels, inputs);
    }

    /** A 2 × 2 convolution of stride 2: {@code [B, 2h, 2w, I]} to {@code [B, h, w, channels]}. */
    static Value halved(GraphBuilder g, Value x, String name, int channels) {
        int height = x.size(1) / 2;
        int width = x.size(2) / 2;
        int inputs = x.size(3);
        Value split = g.reshape(x, Shape.of(x.size(0), height, 2, width, 2, inputs));
        Value patches =
                g.reshape(g.permute(split, List.of(0, 1, 3, 2, 4, 5)), Shape.of(x.size(0), height, width, 4 * inputs));
        Value weight = g.parameter(name + ".weight", Shape.of(channels, inputs, 2, 2));
        Value perPatch = g.reshape(g.permute(weight, List.of(0, 2, 3, 1)), channels, 4 * inputs);
        return g.linear(patches, name, perPatch, g.parameter(name + ".bias", Shape.of(channels)));
    }

    /** A 2 × 2 transposed convolution of stride 2: {@code [B, h, w, I]} to {@code [B, 2h, 2w, channels]}. */
    static Value doubled(GraphBuilder g, Value x, String name, int channels) {
        int height = x.size(1);
        int width = x.size(2);
        int inputs = x.size(3);
        Value weight = g.parameter(name + ".weight", Shape.of(inputs, channels, 2, 2));
        Value perPixel = g.reshape(g.permute(weight, List.of(2, 3, 1, 0)), 4 * channels, inputs);
        Value bias = g.reshape(g.parameter(name + ".bias", Shape.of(channels)), 1, channels);
        Value biases = g.reshape(g.concat(1, bias, bias, bias, bias), 4 * channels);
        Value patches =
                g.reshape(g.linear(x, name, perPixel, biases), Shape.of(x.size(0), height, width, 2, 2, channels));
        return g.reshape(
                g.permute(patches, List.of(0, 1, 3, 2, 4, 5)), Shape.of(x.size(0), 2 * height, 2 * width, channels));
    }

    /** LayerNorm over the channels, then GELU. */
    static Value normedGelu(GraphBuilder g, Value x, String name) {
        return g.elementwise(g.layerNorm(x, name, MAP_NORM_EPS), Function.GELU);
    }

    /** Linear layers {@code layers.0} to {@code layers.2} with ReLU in between. */
    static Value mlp(GraphBuilder g, Value x, int hidden, int outputs) {
        Value first = g.elementwise(g.linear(x, "layers.0", hidden, Activation.NONE), Function.RELU);
        Value second = g.elementwise(g.linear(first, "layers.1", hidden, Activation.NONE), Function.RELU);
        return g.linear(second, "layers.2", outputs);
    }
}
