package io.github.hiera4j.detect.network;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The graphs of Mask R-CNN: one from pixels to the pyramid and the proposals' scores, one from the pyramid and boxes to classes,
 * deltas and masks, and one for training that contains both.
 *
 * <p>Parameters are named as in Detectron2, without the prefix {@code backbone.} of trunk and pyramid in its files.
 */
public record MaskRcnn(MaskRcnnConfig config) {
    /** The boxes to feed to the heads, {@code [R, 6]}: see {@link io.github.hiera4j.model.graph.Op.RoiAlign}. */
    public static final String BOXES = "boxes";

    /** Class scores before the softmax, {@code [R, classes + 1]}; the background is last. */
    public static final String CLASS_LOGITS = "class_logits";

    /** Deltas of every class, {@code [R, classes · 4]}. */
    public static final String BOX_DELTAS = "box_deltas";

    /** Logits of the masks, {@code [R, side, side, classes]}. */
    public static final String MASK_LOGITS = "mask_logits";

    /** Number of pyramid levels, p2 to p6. */
    public static final int LEVELS = Trunk.STAGES + 1;

    /**
     * {@return the name of a level's output, which is also the input of the heads: {@code [B, h, w, channels]}; {@code p2} is level 0}
     *
     * @param level index of the level, 0 for the finest
     */
    public static String pyramid(int level) {
        return "p" + (level + 2);
    }

    /**
     * Returns the name of the scores of a level's anchors, {@code [B, anchors, 1]}, ordered by y, x, ratio.
     *
     * @param level index of the level, 0 for the finest
     * @return the name of the output
     */
    public static String logits(int level) {
        return "objectness" + (level + 2);
    }

    /**
     * Returns the name of the deltas of a level's anchors, {@code [B, anchors, 4]}.
     *
     * @param level index of the level, 0 for the finest
     * @return the name of the output
     */
    public static String deltas(int level) {
        return "anchor_deltas" + (level + 2);
    }

    /**
     * Returns the graph from normalised pixels {@code [B, 3, H, W]} to stages, pyramid, scores and deltas of anchors.
     *
     * @return the graph
     */
    public Graph pyramidGraph() {
        GraphBuilder g = new GraphBuilder();
        List<Integer> size = config.trunk().inputSize();
        Value pixels = g.input(HieraEncoder.INPUT, Shape.batched(3, size.get(0), size.get(1)));
        FeaturePyramid levels = new FeaturePyramid(config);
        List<Value> stages = levels.normed(g, config.trunk().withDropPath(0).build(g, pixels));
        List<Value> pyramid = levels.build(g, stages);
        List<ProposalHead.Level> proposals = new ProposalHead(config).build(g, pyramid);
        for (int stage = 0; stage < stages.size(); stage++) {
            g.output(Hiera.stage(stage + 1), stages.get(stage));
        }
        for (int level = 0; level < LEVELS; level++) {
            g.output(pyramid(level), pyramid.get(level));
            g.output(logits(level), proposals.get(level).logits());
            g.output(deltas(level), proposals.get(level).deltas());
        }
        return g.build();
    }

    /** {@return the outputs of the first graph that inference needs} */
    public static List<String> pyramidOutputs() {
        List<String> outputs = new ArrayList<>();
        for (int level = 0; level < LEVELS; level++) {
            if (level < Trunk.STAGES) {
                outputs.add(pyramid(level));
            }
            outputs.add(logits(level));
            outputs.add(deltas(level));
        }
        return List.copyOf(outputs);
    }

    /** {@return the outputs that determine proposals: scores and deltas of all levels} */
    public static List<String> proposalOutputs() {
        List<String> outputs = new ArrayList<>();
        for (int level = 0; level < LEVELS; level++) {
            outputs.add(logits(level));
            outputs.add(deltas(level));
        }
        return List.copyOf(outputs);
    }

    /**
     * Returns the graph from one image's p2 to p5, {@code [1, h, w, channels]}, and any number of boxes to the heads' outputs.
     *
     * @return the graph
     */
    public Graph headGraph() {
        GraphBuilder g = new GraphBuilder();
        List<Value> levels = IntStream.range(0, Trunk.STAGES)
                .mapToObj(level -> g.input(pyramid(level), levelShape(level)))
                .toList();
        Value boxes = g.input(BOXES, Shape.batched(RoiPlan.COLUMNS));
        BoxHead.Result box = new BoxHead(config).build(g, levels, boxes);
        g.output(CLASS_LOGITS, box.logits());
        g.output(BOX_DELTAS, box.deltas());
        g.output(MASK_LOGITS, new MaskHead(config).build(g, levels, boxes));
        return g.build();
    }

    private Shape levelShape(int level) {
        List<Integer> size = config.trunk().inputSize();
        int stride = 4 << level;
        return Shape.of(1, size.get(0) / stride, size.get(1) / stride, config.channels());
    }

    /** {@return the names and shapes of all weights, in the order of the network} */
    public Map<String, Shape> parameters() {
        Map<String, Shape> parameters = new LinkedHashMap<>(pyramidGraph().parameters());
        parameters.putAll(headGraph().parameters());
        return parameters;
    }
}
