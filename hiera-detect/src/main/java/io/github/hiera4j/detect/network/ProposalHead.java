package io.github.hiera4j.detect.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The head of the region proposal network: one set of weights for all levels. */
record ProposalHead(MaskRcnnConfig config) {
    private static final String PREFIX = "proposal_generator.rpn_head";

    /**
     * The scores and deltas of a level's anchors, ordered by y, x, ratio.
     *
     * @param logits {@code [B, anchors, 1]}
     * @param deltas {@code [B, anchors, 4]}
     */
    record Level(Value logits, Value deltas) {}

    List<Level> build(GraphBuilder network, List<Value> pyramid) {
        GraphBuilder g = network.scope(PREFIX);
        int ratios = config.proposals().anchors().ratios().size();
        List<Level> levels = new ArrayList<>();
        for (Value map : pyramid) {
            Value x = map;
            for (int i = 0; i < config.proposals().convolutions(); i++) {
                String name = config.proposals().convolutions() == 1 ? "conv" : "conv.conv" + i;
                x = Layers.relu(
                        g,
                        Layers.convolution3(
                                g,
                                x,
                                name,
                                config.channels(),
                                config.proposals().channelNorms(),
                                config.normEps()));
            }
            int anchors = x.size(1) * x.size(2) * ratios;
            Value logits = ChannelLast.pointwise(g, x, "objectness_logits", ratios); // [B, h, w, ratios]
            Value deltas = ChannelLast.pointwise(g, x, "anchor_deltas", 4 * ratios); // [B, h, w, ratios · 4]
            levels.add(new Level(
                    g.reshape(logits, Shape.of(x.size(0), anchors, 1)),
                    g.reshape(deltas, Shape.of(x.size(0), anchors, 4))));
        }
        return List.copyOf(levels);
    }
}
