package io.github.hiera4j.detect.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The feature pyramid (Lin et al., 2017) as in Detectron2: every stage is projected to the same width, coarse levels are added to
 * finer ones, a 3 × 3 convolution smooths each sum, and an additional level takes every second pixel of the coarsest.
 */
record FeaturePyramid(MaskRcnnConfig config) {

    /**
     * Returns the levels p2 to p6, with strides 4 to 64: {@code [B, h, w, channels]}.
     *
     * @param stages the trunk's maps after {@link #normed}, finest first
     */
    List<Value> build(GraphBuilder g, List<Value> stages) {
        List<Value> levels = new ArrayList<>();
        Value sum = null;
        for (int stage = stages.size() - 1; stage >= 0; stage--) {
            Value lateral = lateral(g, stages.get(stage), "fpn_lateral" + (stage + 2));
            sum = sum == null ? lateral : ChannelLast.plusUpsampled(g, lateral, Objects.requireNonNull(sum));
            levels.add(0, output(g, sum, "fpn_output" + (stage + 2)));
        }
        levels.add(ChannelLast.everySecond(g, levels.get(levels.size() - 1)));
        return List.copyOf(levels);
    }

    /** Applies the stage LayerNorms to the trunk's maps. */
    List<Value> normed(GraphBuilder g, List<Value> stages) {
        if (!config.stageNorms()) {
            return stages;
        }
        List<Value> normed = new ArrayList<>();
        for (Value stage : stages) {
            String name = "scale" + (normed.size() + 2) + "_norm";
            normed.add(g.layerNorm(stage, name, config.trunk().layerNormEps()));
        }
        return normed;
    }

    private Value lateral(GraphBuilder g, Value x, String name) {
        if (!config.channelNorms()) {
            return ChannelLast.pointwise(g, x, name, config.channels());
        }
        return g.layerNorm(
                ChannelLast.pointwiseUnbiased(g, x, name, config.channels()), name + ".norm", config.normEps());
    }

    private Value output(GraphBuilder g, Value x, String name) {
        return Layers.convolution3(g, x, name, config.channels(), config.channelNorms(), config.normEps());
    }
}
