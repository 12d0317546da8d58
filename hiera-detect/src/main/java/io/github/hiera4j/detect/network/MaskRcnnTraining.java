package io.github.hiera4j.detect.network;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The training graph: trunk, pyramid, proposals and their losses; then the heads on boxes, which are fed once the proposals are known.
 *
 * <p>Samples are padded to fixed numbers: padding has weight 0. The weights of the samples include the divisors of the losses.
 *
 * @param config the detector
 * @param batch images per pass
 */
public record MaskRcnnTraining(MaskRcnnConfig config, int batch) {
    /** Binary cross-entropy of the sampled anchors' scores, {@code [1]}. */
    public static final String LOSS_OBJECTNESS = "loss_rpn_cls";

    /** Distance of the positive anchors' deltas, {@code [1]}. */
    public static final String LOSS_ANCHORS = "loss_rpn_loc";

    /** Cross-entropy of the sampled boxes' classes, {@code [1]}. */
    public static final String LOSS_CLASSES = "loss_cls";

    /** Distance of the positive boxes' deltas, {@code [1]}. */
    public static final String LOSS_BOXES = "loss_box_reg";

    /** Binary cross-entropy of the positive boxes' masks, {@code [1]}. */
    public static final String LOSS_MASKS = "loss_mask";

    /** All five losses, whose sum is {@link Hiera#LOSS}. */
    public static final List<String> LOSSES =
            List.of(LOSS_OBJECTNESS, LOSS_ANCHORS, LOSS_CLASSES, LOSS_BOXES, LOSS_MASKS);

    /** Sampled anchors, as indices into the anchors of all levels, {@code [B, S]}. */
    public static final String ANCHORS = "anchors";

    /** 1 for positive anchors, {@code [B, S, 1]}. */
    public static final String ANCHOR_LABELS = "anchor_labels";

    /** Weights of the sampled anchors, {@code [B, S, 1]}. */
    public static final String ANCHOR_WEIGHTS = "anchor_weights";

    /** Positive anchors, {@code [B, P]}. */
    public static final String POSITIVES = "positives";

    /** Target deltas of the positive anchors, {@code [B, P, 4]}. */
    public static final String POSITIVE_TARGETS = "positive_targets";

    /** Weights of the positive anchors' deltas, {@code [B, P, 4]}. */
    public static final String POSITIVE_WEIGHTS = "positive_weights";

    /** Sampled boxes of all images, {@code [R, 6]}. */
    public static final String BOXES = "head_boxes";

    /** Class targets of the sampled boxes, {@code [R, classes + 1]}, with one weight per row. */
    public static final String CLASS_TARGETS = "class_targets";

    /** Class indices of the sampled boxes, {@code [R, 1]}. */
    public static final String BOX_CLASSES = "box_classes";

    /** Target deltas of the sampled boxes, {@code [R, 1, 4]}. */
    public static final String BOX_TARGETS = "box_targets";

    /** Weights of the sampled boxes' deltas, {@code [R, 1, 4]}. */
    public static final String BOX_WEIGHTS = "box_weights";

    /** Positive boxes of all images, {@code [F, 6]}. */
    public static final String MASK_BOXES = "mask_boxes";

    /** Class indices of the positive boxes, {@code [F, 1]}. */
    public static final String MASK_CLASSES = "mask_classes";

    /** Target masks of the positive boxes, {@code [F, 1, side · side]}, 0 to 1. */
    public static final String MASK_TARGETS = "mask_targets";

    /** Weights of the target masks, {@code [F, 1, side · side]}. */
    public static final String MASK_WEIGHTS = "mask_weights";

    /**
     * Returns the number of sampled anchors per image.
     *
     * @return the number
     */
    public int anchorSamples() {
        return config.proposals().sampler().size();
    }

    /**
     * Returns the maximum number of positive anchors per image.
     *
     * @return the number
     */
    public int positiveSamples() {
        return Math.max(1, config.proposals().sampler().mostPositives());
    }

    /** {@return the number of rows for boxes of the box head} */
    public int boxRows() {
        return batch * config.heads().sampler().size();
    }

    /** {@return the number of rows for boxes of the mask head} */
    public int maskRows() {
        return batch * Math.max(1, config.heads().sampler().mostPositives());
    }

    /** {@return the graph, whose outputs are the losses and the outputs that determine proposals} */
    public Graph graph() {
        GraphBuilder g = new GraphBuilder();
        List<Integer> size = config.trunk().inputSize();
        Value pixels = g.input(HieraEncoder.INPUT, Shape.batched(3, size.get(0), size.get(1)));
        FeaturePyramid parts = new FeaturePyramid(config);
        List<Value> pyramid = parts.build(g, parts.normed(g, config.trunk().build(g, pixels)));
        List<ProposalHead.Level> proposals = new ProposalHead(config).build(g, pyramid);
        List<Value> losses = new ArrayList<>(proposalLosses(g, proposals));
        List<Value> levels = pyramid.subList(0, Trunk.STAGES);
        losses.addAll(boxLosses(g, levels));
        losses.add(maskLoss(g, levels));
        Value total = losses.get(0);
        for (int i = 0; i < LOSSES.size(); i++) {
            g.output(LOSSES.get(i), losses.get(i));
            total = i == 0 ? total : g.add(total, losses.get(i));
        }
        g.output(Hiera.LOSS, total);
        return g.build();
    }

    private List<Value> proposalLosses(GraphBuilder g, List<ProposalHead.Level> proposals) {
        for (int level = 0; level < MaskRcnn.LEVELS; level++) {
            g.output(MaskRcnn.logits(level), proposals.get(level).logits());
            g.output(MaskRcnn.deltas(level), proposals.get(level).deltas());
        }
        Value logits =
                g.concat(1, proposals.stream().map(ProposalHead.Level::logits).toArray(Value[]::new));
        Value deltas =
                g.concat(1, proposals.stream().map(ProposalHead.Level::deltas).toArray(Value[]::new));
        int sampled = anchorSamples();
        int positive = positiveSamples();
        Value chosen = g.gatherTokens(logits, g.indexInput(ANCHORS, Shape.batched(sampled)));
        Value objectness = g.binaryCrossEntropy(
                chosen,
                g.input(ANCHOR_LABELS, Shape.batched(sampled, 1)),
                g.input(ANCHOR_WEIGHTS, Shape.batched(sampled, 1)));
        Value moved = g.gatherTokens(deltas, g.indexInput(POSITIVES, Shape.batched(positive)));
        Value distance = g.smoothL1(
                moved,
                g.input(POSITIVE_TARGETS, Shape.batched(positive, 4)),
                g.input(POSITIVE_WEIGHTS, Shape.batched(positive, 4)),
                config.proposals().lossBeta());
        return List.of(objectness, distance);
    }

    private List<Value> boxLosses(GraphBuilder g, List<Value> levels) {
        int rows = boxRows();
        Value boxes = g.input(BOXES, Shape.of(rows, RoiPlan.COLUMNS));
        BoxHead.Result result = new BoxHead(config).build(g, levels, boxes);
        Value classes = g.crossEntropy(result.logits(), g.input(CLASS_TARGETS, Shape.of(rows, config.classes() + 1)));
        Value perClass = g.reshape(result.deltas(), rows, config.classes(), 4);
        Value own = g.gatherTokens(perClass, g.indexInput(BOX_CLASSES, Shape.of(rows, 1))); // [R, 1, 4]
        Value distance = g.smoothL1(
                own,
                g.input(BOX_TARGETS, Shape.of(rows, 1, 4)),
                g.input(BOX_WEIGHTS, Shape.of(rows, 1, 4)),
                config.heads().lossBeta());
        return List.of(classes, distance);
    }

    private Value maskLoss(GraphBuilder g, List<Value> levels) {
        int rows = maskRows();
        int pixels = config.heads().maskSize() * config.heads().maskSize();
        Value boxes = g.input(MASK_BOXES, Shape.of(rows, RoiPlan.COLUMNS));
        Value logits = new MaskHead(config).build(g, levels, boxes); // [F, side, side, classes]
        Value perClass = g.reshape(g.permute(logits, List.of(0, 3, 1, 2)), rows, config.classes(), pixels);
        Value own = g.gatherTokens(perClass, g.indexInput(MASK_CLASSES, Shape.of(rows, 1))); // [F, 1, pixels]
        return g.binaryCrossEntropy(
                own,
                g.input(MASK_TARGETS, Shape.of(rows, 1, pixels)),
                g.input(MASK_WEIGHTS, Shape.of(rows, 1, pixels)));
    }
}
