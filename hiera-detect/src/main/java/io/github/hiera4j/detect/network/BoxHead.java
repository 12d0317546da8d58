package io.github.hiera4j.detect.network;

import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;

/** The head that classifies boxes and refines their edges. */
record BoxHead(MaskRcnnConfig config) {

    /**
     * The outputs for each box.
     *
     * @param logits {@code [R, classes + 1]}, the background last
     * @param deltas {@code [R, classes · 4]}
     */
    record Result(Value logits, Value deltas) {}

    /**
     * Adds pooling, classification and regression to a graph.
     *
     * @param levels p2 to p5, {@code [B, h, w, channels]}
     * @param boxes {@code [R, 6]}, see {@link io.github.hiera4j.model.graph.Op.RoiAlign}
     */
    Result build(GraphBuilder network, List<Value> levels, Value boxes) {
        GraphBuilder g = network.scope("roi_heads.box_head");
        HeadRules heads = config.heads();
        Value x = network.roiAlign(config.roiAlign(heads.boxBins()), levels, boxes); // [R, bins, bins, channels]
        for (int i = 0; i < heads.boxConvolutions(); i++) {
            x = Layers.relu(
                    g,
                    Layers.convolution3(
                            g, x, "conv" + (i + 1), config.channels(), config.channelNorms(), config.normEps()));
        }
        int features = heads.boxBins() * heads.boxBins() * config.channels();
        Value flat = g.reshape(g.permute(x, List.of(0, 3, 1, 2)), Shape.of(x.size(0), features));
        for (int i = 0; i < heads.boxLayers().size(); i++) {
            flat = Layers.relu(
                    g, g.linear(flat, "fc" + (i + 1), heads.boxLayers().get(i)));
        }
        GraphBuilder predictor = network.scope("roi_heads.box_predictor");
        return new Result(
                predictor.linear(flat, "cls_score", config.classes() + 1),
                predictor.linear(flat, "bbox_pred", 4 * config.classes()));
    }
}
