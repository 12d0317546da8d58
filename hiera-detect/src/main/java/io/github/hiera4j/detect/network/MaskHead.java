package io.github.hiera4j.detect.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.ChannelLast;
import java.util.List;

/** The head that segments the object in a box, once per class. */
record MaskHead(MaskRcnnConfig config) {

    /**
     * Returns the logits of the masks, {@code [R, side, side, classes]}, where {@code side} is twice the number of bins.
     *
     * @param levels p2 to p5, {@code [B, h, w, channels]}
     * @param boxes {@code [R, 6]}, see {@link io.github.hiera4j.model.graph.Op.RoiAlign}
     */
    Value build(GraphBuilder network, List<Value> levels, Value boxes) {
        GraphBuilder g = network.scope("roi_heads.mask_head");
        Value x = network.roiAlign(config.roiAlign(config.heads().maskBins()), levels, boxes);
        for (int i = 0; i < config.heads().maskConvolutions(); i++) {
            x = Layers.relu(
                    g,
                    Layers.convolution3(
                            g, x, "mask_fcn" + (i + 1), config.channels(), config.channelNorms(), config.normEps()));
        }
        Value doubled = Layers.relu(g, ChannelLast.doubled(g, x, "deconv", config.channels()));
        return ChannelLast.pointwise(g, doubled, "predictor", config.classes());
    }
}
