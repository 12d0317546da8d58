package io.github.hiera4j.model.mae;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Combines the outputs of several stages for each visible mask unit, at the size of the last stage (paper §3.2).
 *
 * <p>A convolution whose kernel equals its stride, applied to each unit, is a linear layer over the pixels of each patch
 * and is built as one.
 */
record MultiScaleFusion(MaeConfig config) {

    /** Fuses stage maps {@code [B, units, (t,) h, w, C]} to their sum {@code [B, units, (t,) h, w, lastC]}. */
    Value build(GraphBuilder g, List<Value> stages) {
        HieraConfig encoder = config.encoder();
        Value sum = stages.get(stages.size() - 1);
        for (int stage = 0; stage < encoder.qPool(); stage++) {
            Value fused = fuse(g.scope("multi_scale_fusion_heads." + stage), stages.get(stage), sum.shape());
            sum = g.add(sum, fused);
        }
        return sum;
    }

    private Value fuse(GraphBuilder g, Value map, Shape target) {
        int axes = config.encoder().axes();
        int channels = map.size(-1);
        int channelsOut = target.size(-1);
        List<Integer> split = new ArrayList<>(List.of(map.size(1)));
        List<Integer> kernel = new ArrayList<>();
        for (int axis = 0; axis < axes; axis++) {
            int size = target.size(axis + 2);
            kernel.add(map.size(axis + 2) / size);
            split.addAll(List.of(size, kernel.get(axis)));
        }
        split.add(channels);

        List<Integer> order = new ArrayList<>(List.of(0, 1)); // batch, unit
        for (int axis = 0; axis < axes; axis++) {
            order.add(2 + 2 * axis); // position in the result
        }
        order.add(2 + 2 * axes); // channel, then position in the kernel, as in the weight
        for (int axis = 0; axis < axes; axis++) {
            order.add(3 + 2 * axis);
        }

        int patch = channels * kernel.stream().reduce(1, Math::multiplyExact);
        int rows = (int) (target.elements() / channelsOut);
        Value patches = g.permute(g.reshape(map, batched(split)), order);
        Value rowsOfPatches = g.reshape(patches, Shape.batched(rows, patch)); // [B, positions, C·kernel]
        Value weight = g.parameter("weight", weightShape(channelsOut, channels, kernel));
        Value bias = g.parameter("bias", Shape.of(channelsOut));
        Value fused = g.linear(rowsOfPatches, "fuse", g.reshape(weight, channelsOut, patch), bias);
        return g.reshape(fused, target);
    }

    private static Shape weightShape(int channelsOut, int channels, List<Integer> kernel) {
        int[] sizes = new int[kernel.size() + 2];
        sizes[0] = channelsOut;
        sizes[1] = channels;
        for (int axis = 0; axis < kernel.size(); axis++) {
            sizes[axis + 2] = kernel.get(axis);
        }
        return Shape.of(sizes);
    }

    private static Shape batched(List<Integer> sizes) {
        return Shape.batched(sizes.stream().mapToInt(Integer::intValue).toArray());
    }
}
