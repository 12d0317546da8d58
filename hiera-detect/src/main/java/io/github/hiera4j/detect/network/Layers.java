package io.github.hiera4j.detect.network;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;

/** Layers shared by several parts of a detector. */
final class Layers {
    private Layers() {}

    /** Adds a 3 × 3 convolution, either with a bias or with a LayerNorm over channels after it. */
    static Value convolution3(GraphBuilder g, Value x, String name, int channels, boolean norm, double eps) {
        Value sum = ChannelLast.convolution3(g, x, name, channels, !norm);
        return norm ? g.layerNorm(sum, name + ".norm", eps) : sum;
    }

    static Value relu(GraphBuilder g, Value x) {
        return g.elementwise(x, Function.RELU);
    }
}
