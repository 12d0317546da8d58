package io.github.hiera4j.model.sam;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * SAM 2's feature pyramid: every level is projected to the same width, and the coarsest levels are summed top-down with nearest-neighbour
 * upsampling. The coarsest level itself is dropped.
 */
record Sam2Neck(Sam2Config config) {

    /**
     * Builds the pyramid.
     *
     * @param g scoped to the neck's parameters
     * @param stages the trunk's four maps {@code [B, h, w, C]}, finest first
     * @return the levels of strides 4, 8 and 16, {@code [B, h, w, dim]}
     */
    List<Value> build(GraphBuilder g, List<Value> stages) {
        List<Value> levels = new ArrayList<>();
        Value coarser = null;
        for (int level = Sam2Config.LEVELS - 1; level >= 0; level--) {
            Value lateral = ChannelLast.pointwise(g, stages.get(level), convolution(level), config.dim());
            boolean sums = coarser != null && config.topDownLevels().contains(level);
            coarser = sums ? ChannelLast.plusUpsampled(g, lateral, java.util.Objects.requireNonNull(coarser)) : lateral;
            levels.add(coarser);
        }
        Collections.reverse(levels);
        return List.copyOf(levels.subList(0, Sam2Config.LEVELS - 1));
    }

    /** Builds the projection of a level; 0 is the finest, whereas the checkpoints number them from the coarsest. */
    static String convolution(int level) {
        return "convs." + (Sam2Config.LEVELS - 1 - level) + ".conv";
    }
}
