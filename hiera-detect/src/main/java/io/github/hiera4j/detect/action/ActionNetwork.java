package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.RoiPlan;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A video Hiera with an action head (paper, appendix A.1; the head of SlowFast's detection framework).
 *
 * <p>Every token of the last map is normalised; the map is averaged over time; RoIAlign takes 7 × 7 samples of each person's box;
 * their maximum goes through a linear layer with one output per action; each is an independent probability. The weights have the
 * same names as those of a classifier: {@code norm.*} and {@code head.projection.*}.
 *
 * <p>Inference runs two graphs: the trunk once per clip, and the head on all boxes of the clip. Training uses a single graph.
 *
 * @param config the encoder; its classes are the actions
 */
public record ActionNetwork(HieraConfig config) {
    /** The normalised map averaged over time, {@code [B, H, W, C]}. */
    public static final String MAP = "map";

    /** The boxes to feed, in input pixels, {@code [R, 6]}: see {@link Op.RoiAlign}; all have level 0. */
    public static final String BOXES = "boxes";

    /** Logits of every action, {@code [R, actions]}. */
    public static final String LOGITS = Hiera.LOGITS;

    /** Probabilities of every action, {@code [R, actions]}. */
    public static final String SCORES = "scores";

    /** Training: weights of the positive and the negative answer to feed, {@code [B, boxes · actions, 2]}. */
    public static final String TARGETS = Hiera.TARGETS;

    /** Training: the loss {@code [1]}. */
    public static final String LOSS = Hiera.LOSS;

    private static final int POOL = 7;

    /**
     * Creates a network.
     *
     * @param config the encoder; its classes are the actions
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public ActionNetwork {
        check(
                config.isVideo() && config.numClasses() > 0 && config.finalNorm(),
                "actions need a video model with a norm and one class or more, got input_size %s and %d classes",
                config.inputSize(),
                config.numClasses());
    }

    /** {@return the number of rows of the last map} */
    public int mapHeight() {
        return mapAxis(config.axes() - 2);
    }

    /**
     * Returns the number of columns of the last map.
     *
     * @return the width
     */
    public int mapWidth() {
        return mapAxis(config.axes() - 1);
    }

    private int mapAxis(int axis) {
        int poolings = Math.min(config.qPool(), config.stages().size() - 1);
        int size = config.tokenGrid().get(axis);
        for (int pooling = 0; pooling < poolings; pooling++) {
            size /= config.qStride().get(axis);
        }
        return size;
    }

    /** {@return the distance between columns of the map, in input pixels} */
    public double stride() {
        return (double) config.inputSize().get(config.axes() - 1) / mapWidth();
    }

    /** {@return the graph from pixels to {@link #MAP}, without drop path} */
    public Graph trunkGraph() {
        GraphBuilder g = new GraphBuilder();
        g.output(MAP, trunk(g, without(config)));
        return g.build();
    }

    /** {@return the graph from the {@link #MAP} of one clip and any number of {@link #BOXES} to {@link #LOGITS} and {@link #SCORES}} */
    public Graph headGraph() {
        GraphBuilder g = new GraphBuilder();
        int width = config.stageDim(config.stages().size() - 1);
        Value map = g.input(MAP, Shape.of(1, mapHeight(), mapWidth(), width));
        Value boxes = g.input(BOXES, Shape.batched(RoiPlan.COLUMNS));
        Value logits = logits(g, map, boxes, stride(), config.numClasses(), 0);
        g.output(LOGITS, logits);
        g.output(SCORES, g.elementwise(logits, Function.SIGMOID));
        return g.build();
    }

    /**
     * Returns the training graph, with drop path and dropout as configured, and the binary cross-entropy against {@link #TARGETS}.
     *
     * @param clips clips per batch
     * @param boxes boxes per clip
     * @return the graph
     */
    public Graph trainingGraph(int clips, int boxes) {
        GraphBuilder g = new GraphBuilder();
        Value map = trunk(g, config);
        Value rows = g.input(BOXES, Shape.of(clips * boxes, RoiPlan.COLUMNS));
        Value logits = logits(g, map, rows, stride(), config.numClasses(), config.headDropout());
        Value targets = g.input(TARGETS, Shape.of(clips, boxes * config.numClasses(), 2));
        g.output(LOSS, loss(g, logits, targets));
        return g.build();
    }

    private static HieraConfig without(HieraConfig config) {
        return config.toBuilder().dropPathRate(0).headDropout(0).build();
    }

    private static Value trunk(GraphBuilder g, HieraConfig config) {
        HieraEncoder encoder = new HieraEncoder(config);
        List<Value> stages = encoder.build(g, encoder.input(g)).stages();
        return map(g, stages.get(stages.size() - 1), config.layerNormEps());
    }

    /**
     * {@return the last map {@code [B, T, H, W, C]}, normalised and averaged over time: {@code [B, H, W, C]}}
     *
     * @param g the graph under construction
     * @param last the map of the last stage, {@code [B, T, H, W, C]}
     * @param epsilon the constant added to the variance
     */
    public static Value map(GraphBuilder g, Value last, double epsilon) {
        Value normed = g.layerNorm(last, "norm", epsilon);
        Shape shape = last.shape();
        Value flat = g.reshape(normed, sized(shape, shape.size(1), shape.size(2) * shape.size(3), shape.size(4)));
        return g.reshape(g.mean(flat, 1), sized(shape, shape.size(2), shape.size(3), shape.size(4)));
    }

    /**
     * {@return the logits of boxes, {@code [R, actions]}}
     *
     * @param g the graph under construction
     * @param map the map, {@code [B, H, W, C]}
     * @param boxes {@code [R, 6]}
     * @param stride the distance between columns of the map, in input pixels
     * @param actions number of action classes
     * @param dropout dropout probability in training, 0 to 1
     */
    public static Value logits(GraphBuilder g, Value map, Value boxes, double stride, int actions, double dropout) {
        Op.RoiAlign pooling = new Op.RoiAlign(POOL, POOL, List.of(1 / stride), 0, true);
        Value bins = g.roiAlign(pooling, List.of(map), boxes); // [R, 7, 7, C]
        Value flat = g.reshape(bins, sized(bins.shape(), POOL * POOL, map.size(3)));
        Value strongest = g.max(flat, 1); // [R, C]
        return g.scope("head").linear(g.dropout(strongest, dropout), "projection", actions);
    }

    /**
     * {@return the binary cross-entropy of every logit, weighted by the targets: the softmax over a logit and 0 equals its sigmoid}
     *
     * @param g the graph under construction
     * @param logits scores before the sigmoid, {@code [B · boxes, actions]}
     * @param targets {@code [B, boxes · actions, 2]}: the weights of the answers 1 and 0
     */
    public static Value loss(GraphBuilder g, Value logits, Value targets) {
        Value column = g.reshape(logits, Shape.of(targets.size(0), targets.size(1), 1));
        Value pairs = g.multiply(column, g.constant("logit_and_zero", HostTensor.of(Shape.of(1, 1, 2), 1f, 0f)));
        return g.crossEntropy(pairs, targets);
    }

    /** Returns a shape with the batch of another shape. */
    private static Shape sized(Shape like, int... sizes) {
        return like.isSymbolic()
                ? Shape.batched(sizes)
                : Shape.of(IntStream.concat(IntStream.of(like.size(0)), Arrays.stream(sizes))
                        .toArray());
    }

    /**
     * {@return the values for {@link #TARGETS}, whose weights give the mean over boxes and actions of the whole batch}
     *
     * @param labels actions of each box of each clip, by index from 0
     * @param boxes the network's boxes per clip; clips with fewer persons leave the remaining ones unused
     * @param actions number of action classes
     */
    public static HostTensor targets(List<List<int[]>> labels, int boxes, int actions) {
        int real = Math.max(1, labels.stream().mapToInt(List::size).sum());
        int batch = labels.size();
        float weight =
                (float) ((double) batch / ((double) real * actions)); // the network averages the loss over the batch
        float[] targets = new float[batch * boxes * actions * 2];
        for (int clip = 0; clip < batch; clip++) {
            for (int box = 0; box < labels.get(clip).size(); box++) {
                int from = (clip * boxes + box) * actions;
                for (int action = 0; action < actions; action++) {
                    targets[2 * (from + action) + 1] = weight;
                }
                for (int action : labels.get(clip).get(box)) {
                    targets[2 * (from + action)] = weight;
                    targets[2 * (from + action) + 1] = 0;
                }
            }
        }
        return HostTensor.of(Shape.of(batch, boxes * actions, 2), targets);
    }
}
