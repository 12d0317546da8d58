package io.github.hiera4j.model.baseline.peers;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Code that both networks share: sizes in the terms of Hiera, drop path, and the outputs of a graph. */
final class PeerSizes {
    private PeerSizes() {}

    /** Determines how inputs are prepared and the number of classes; it does not describe the network. */
    static HieraConfig of(List<Integer> input, int channels, List<Integer> depths, int classes, double dropPath) {
        return HieraConfig.image()
                .inputSize(input)
                .embedDim(channels)
                .numHeads(1)
                .stages(depths)
                .qPool(0)
                .maskUnitSize(List.of(1, 1))
                .maskUnitAttn(Collections.nCopies(depths.size(), false))
                .patchKernel(List.of(4, 4))
                .patchStride(List.of(4, 4))
                .patchPadding(List.of(0, 0))
                .numClasses(classes)
                .dropPathRate(dropPath)
                .build();
    }

    /** Returns the rate of a block, which increases linearly to that of the last block. */
    static double dropPath(double rate, int block, List<Integer> depths) {
        int blocks = depths.stream().mapToInt(Integer::intValue).sum();
        return blocks == 1 ? rate : rate * block / (blocks - 1);
    }

    static void finish(GraphBuilder g, Value embedding, int classes, boolean training) {
        g.output(Hiera.EMBEDDING, embedding);
        Value logits = g.scope("head").linear(embedding, "fc", classes);
        g.output(Hiera.LOGITS, logits);
        if (training) {
            g.output(Hiera.LOSS, g.crossEntropy(logits, g.input(Hiera.TARGETS, logits.shape())));
        } else {
            g.output(Hiera.PROBABILITIES, g.softmax(logits));
        }
    }

    /** Returns a constant of shape {@code [1, …, 1]}. */
    static Value number(GraphBuilder g, String name, double value, int rank) {
        int[] ones = new int[rank];
        Arrays.fill(ones, 1);
        return g.constant(name, HostTensor.of(Shape.of(ones), value));
    }
}
