package io.github.hiera4j.model.network;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/**
 * Layers on maps {@code [B, h, w, C]}. A convolution whose kernel equals its stride is a linear layer and a permutation. The
 * parameters have the shapes of the checkpoints.
 */
public final class ChannelLast {
    /** Epsilon of every LayerNorm over the channels of a map. */
    public static final double MAP_NORM_EPS = 1e-6;

    private ChannelLast() {}

    /**
     * {@return a 1 × 1 convolution: {@code […, I]} to {@code […, channels]}}
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code […, I]}
     * @param name the name of the layer
     * @param channels output channels
     */
    public static Value pointwise(GraphBuilder g, Value x, String name, int channels) {
        Value bias = g.parameter(name + ".bias", Shape.of(channels));
        return g.linear(x, name, pointwiseWeight(g, name, channels, x.size(-1)), bias);
    }

    /**
     * {@return the weight {@code [O, I]} of a 1 × 1 convolution}
     *
     * @param g the graph under construction; its prefix is added to names
     * @param name the name of the layer
     * @param channels output channels
     * @param inputs input channels
     */
    public static Value pointwiseWeight(GraphBuilder g, String name, int channels, int inputs) {
        return g.reshape(g.parameter(name + ".weight", Shape.of(channels, inputs, 1, 1)), channels, inputs);
    }

    /**
     * {@return a 1 × 1 convolution without bias: {@code […, I]} to {@code […, channels]}}
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code […, I]}
     * @param name the name of the layer
     * @param channels output channels
     */
    public static Value pointwiseUnbiased(GraphBuilder g, Value x, String name, int channels) {
        return g.matmul(x, name, pointwiseWeight(g, name, channels, x.size(-1)));
    }

    /**
     * {@return a 3 × 3 convolution with padding 1: {@code [B, h, w, I]} to {@code [B, h, w, channels]}}
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code [B, h, w, I]}
     * @param name the name of the layer
     * @param channels output channels
     * @param biased whether a bias is added
     */
    public static Value convolution3(GraphBuilder g, Value x, String name, int channels, boolean biased) {
        Value weight = g.parameter(name + ".weight", Shape.of(channels, x.size(-1), 3, 3));
        Value bias = biased
                ? g.parameter(name + ".bias", Shape.of(channels))
                : g.constant(name + ".zero", HostTensor.allocate(DType.FLOAT32, Shape.of(channels)));
        Value first = g.permute(x, List.of(0, 3, 1, 2));
        return g.permute(g.convolution(first, name, weight, bias, List.of(1, 1), List.of(1, 1)), List.of(0, 2, 3, 1));
    }

    /**
     * Returns {@code fine [B, 2h, 2w, C]} plus {@code coarse [B, h, w, C]} with every pixel repeated 2 × 2.
     *
     * @param g the graph under construction; its prefix is added to names
     * @param fine {@code [B, 2h, 2w, C]}
     * @param coarse {@code [B, h, w, C]}
     * @return {@code [B, 2h, 2w, C]}
     */
    public static Value plusUpsampled(GraphBuilder g, Value fine, Value coarse) {
        int batch = coarse.size(0);
        int height = coarse.size(1);
        int width = coarse.size(2);
        int channels = coarse.size(3);
        Value pairs = g.reshape(coarse, Shape.of(batch, height * width, channels));
        Value wide = g.reshape(g.concat(2, pairs, pairs), Shape.of(batch, height, 1, 2 * width * channels));
        Value rows = g.reshape(fine, Shape.of(batch, height, 2, 2 * width * channels));
        return g.reshape(g.add(rows, wide), fine.shape());
    }

    /**
     * {@return every second row and column from the first: {@code [B, h, w, C]} to {@code [B, ⌈h/2⌉, ⌈w/2⌉, C]}}
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code [B, h, w, C]}
     */
    public static Value everySecond(GraphBuilder g, Value x) {
        Value even = padded(g, padded(g, x, 1), 2);
        int height = even.size(1) / 2;
        int width = even.size(2) / 2;
        Value split = g.reshape(even, Shape.of(x.size(0), height, 2, width, 2 * x.size(3)));
        Value rows = g.reshape(g.slice(split, 2, 0, 1), Shape.of(x.size(0), height, width, 2 * x.size(3)));
        return g.slice(rows, 3, 0, x.size(3));
    }

    /** Appends one entry of zeros to an axis of odd length. */
    private static Value padded(GraphBuilder g, Value x, int axis) {
        if (x.size(axis) % 2 == 0) {
            return x;
        }
        Shape shape = x.shape().withSize(0, 1).withSize(axis, 1);
        return g.concat(axis, x, g.constant("padding", HostTensor.allocate(DType.FLOAT32, shape)));
    }

    /**
     * {@return a 2 × 2 convolution of stride 2: {@code [B, 2h, 2w, I]} to {@code [B, h, w, channels]}}
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code [B, 2h, 2w, I]}
     * @param name the name of the layer
     * @param channels output channels
     */
    public static Value halved(GraphBuilder g, Value x, String name, int channels) {
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

    /**
     * {@return a 2 × 2 transposed convolution of stride 2: {@code [B, h, w, I]} to {@code [B, 2h, 2w, channels]}}
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code [B, h, w, I]}
     * @param name the name of the layer
     * @param channels output channels
     */
    public static Value doubled(GraphBuilder g, Value x, String name, int channels) {
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

    /**
     * Applies LayerNorm over the channels, then GELU.
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code […, C]}
     * @param name the name of the layer
     * @return {@code […, C]}
     */
    public static Value normedGelu(GraphBuilder g, Value x, String name) {
        return g.elementwise(g.layerNorm(x, name, MAP_NORM_EPS), Function.GELU);
    }

    /**
     * Applies linear layers {@code layers.0} to {@code layers.2} with ReLU in between.
     *
     * @param g the graph under construction; its prefix is added to names
     * @param x {@code […, I]}
     * @param hidden output channels of the first two layers
     * @param outputs output channels
     * @return {@code […, outputs]}
     */
    public static Value mlp(GraphBuilder g, Value x, int hidden, int outputs) {
        Value first = g.elementwise(g.linear(x, "layers.0", hidden, Activation.NONE), Function.RELU);
        Value second = g.elementwise(g.linear(first, "layers.1", hidden, Activation.NONE), Function.RELU);
        return g.linear(second, "layers.2", outputs);
    }
}
