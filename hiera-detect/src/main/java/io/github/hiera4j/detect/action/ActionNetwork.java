package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.geometry.RoiAlign;
import io.github.hiera4j.model.graph.Function;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
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
 * their maximum goes through a linear layer with one output per action; each is a probability of its own. The weights have the
 * names of a classifier's: {@code norm.*} and {@code head.projection.*}.
 *
 * <p>RoIAlign of a box is a linear map of the feature map, so it is a matrix product here: {@link #interpolation} makes the matrix,
 * and engines need no operation for it.
 *
 * @param config the encoder; its classes are the actions
 */
public record ActionNetwork(HieraConfig config) {
    /** The normalised map averaged over time, {@code [B, H·W, C]}. */
    public static final String MAP = "map";

    /** RoIAlign's matrices to feed, {@code [B, boxes · 49, H·W]}. */
    public static final String INTERPOLATION = "interpolation";

    /** Logits of every action, {@code [B, boxes, actions]}. */
    public static final String LOGITS = Hiera.LOGITS;

    /** Probabilities of every action, {@code [B, boxes, actions]}. */
    public static final String SCORES = "scores";

    /** Training: weights of "does it" and "does not" to feed, {@code [B, boxes · actions, 2]}. */
    public static final String TARGETS = Hiera.TARGETS;

    /** Training: the loss {@code [1]}. */
    public static final String LOSS = Hiera.LOSS;

    static final int POOL = 7;
    static final int BINS = POOL * POOL;

    /**
     * Checks the values.
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

    /** {@return rows of the last map} */
    public int mapHeight() {
        return mapAxis(config.axes() - 2);
    }

    /**
     * Columns of the last map.
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

    /** {@return RoIAlign's bins of one box} */
    public int mapBins() {
        return BINS;
    }

    /** {@return pixels of the input from one column of the map to the next} */
    public double stride() {
        return (double) config.inputSize().get(config.axes() - 1) / mapWidth();
    }

    /** {@return pixels to {@link #MAP}, without drop path} */
    public Graph trunkGraph() {
        GraphBuilder g = new GraphBuilder();
        g.output(MAP, trunk(g, without(config)));
        return g.build();
    }

    /** {@return a fed {@link #MAP} and {@link #INTERPOLATION} of one box per sample to {@link #LOGITS} and {@link #SCORES}} */
    public Graph headGraph() {
        GraphBuilder g = new GraphBuilder();
        int width = config.stageDim(config.stages().size() - 1);
        Value map = g.input(MAP, Shape.batched(mapHeight() * mapWidth(), width));
        scores(g, map, interpolationInput(g, 1), without(config));
        return g.build();
    }

    /**
     * Both in one, for clips of up to {@code boxes} boxes.
     *
     * @param boxes boxes of a clip
     * @return the graph
     */
    public Graph inferenceGraph(int boxes) {
        GraphBuilder g = new GraphBuilder();
        scores(g, trunk(g, without(config)), interpolationInput(g, boxes), without(config));
        return g.build();
    }

    /**
     * With drop path and dropout as configured, and the binary cross-entropy against the fed {@link #TARGETS}.
     *
     * @param boxes boxes of a clip
     * @return the graph
     */
    public Graph trainingGraph(int boxes) {
        GraphBuilder g = new GraphBuilder();
        Value logits = logits(g, trunk(g, config), interpolationInput(g, boxes), config);
        Value targets = g.input(TARGETS, Shape.batched(boxes * config.numClasses(), 2));
        g.output(LOSS, loss(g, logits, targets));
        return g.build();
    }

    private Value interpolationInput(GraphBuilder g, int boxes) {
        return g.input(INTERPOLATION, Shape.batched(boxes * BINS, mapHeight() * mapWidth()));
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
     * {@return the last map {@code [B, T, H, W, C]}, normalised and averaged over time: {@code [B, H·W, C]}}
     *
     * @param g the graph under construction
     * @param last the map of the last stage, {@code [B, T, H, W, C]}
     * @param epsilon added to the variance
     */
    public static Value map(GraphBuilder g, Value last, double epsilon) {
        Value normed = g.layerNorm(last, "norm", epsilon);
        Shape shape = last.shape();
        Value flat = g.reshape(normed, sized(shape, shape.size(1), shape.size(2) * shape.size(3), shape.size(4)));
        return g.mean(flat, 1);
    }

    private static void scores(GraphBuilder g, Value map, Value interpolation, HieraConfig config) {
        Value logits = logits(g, map, interpolation, config);
        g.output(LOGITS, logits);
        g.output(SCORES, g.elementwise(logits, Function.SIGMOID));
    }

    private static Value logits(GraphBuilder g, Value map, Value interpolation, HieraConfig config) {
        return logits(g, map, interpolation, config.numClasses(), config.headDropout());
    }

    /**
     * {@return the map and RoIAlign's matrices to logits {@code [B, boxes, actions]}}
     *
     * @param g the graph under construction
     * @param map the map, {@code [B, cells, C]}
     * @param interpolation {@code [B, boxes · bins, cells]}: which cells each bin averages
     * @param actions number of action classes
     * @param dropout share that is dropped in training, 0 to 1
     */
    public static Value logits(GraphBuilder g, Value map, Value interpolation, int actions, double dropout) {
        int boxes = interpolation.size(1) / BINS;
        Value samples = g.matrixProduct(interpolation, map); // [B, boxes · 49, C]
        Value strongest = boxes == 1 // engines pool tokens [B, N, C] fastest
                ? g.reshape(g.max(samples, 1), sized(map.shape(), 1, map.size(2)))
                : g.max(g.reshape(samples, sized(map.shape(), boxes, BINS, map.size(2))), 2); // [B, boxes, C]
        return g.scope("head").linear(g.dropout(strongest, dropout), "projection", actions);
    }

    /**
     * {@return the binary cross-entropy of every logit, weighed by the targets: a softmax over the logit and 0 is its sigmoid}
     *
     * @param g the graph under construction
     * @param logits scores before the sigmoid
     * @param targets {@code [B, boxes · actions, 2]}: the weight of 1 and of 0 as the right answer
     */
    public static Value loss(GraphBuilder g, Value logits, Value targets) {
        int count = logits.size(1) * logits.size(2);
        Value column = g.reshape(logits, sized(logits.shape(), count, 1));
        Value pairs = g.multiply(column, g.constant("logit_and_zero", HostTensor.of(Shape.of(1, 1, 2), 1f, 0f)));
        return g.crossEntropy(pairs, targets);
    }

    /** A shape with the batch of another. */
    private static Shape sized(Shape like, int... sizes) {
        return like.isSymbolic()
                ? Shape.batched(sizes)
                : Shape.of(IntStream.concat(IntStream.of(like.size(0)), Arrays.stream(sizes))
                        .toArray());
    }

    /**
     * RoIAlign (aligned, adaptive sampling) of boxes as matrices {@code [boxes · 49, height · width]}, row-major.
     *
     * @param boxes in pixels of the input
     * @param height in pixels
     * @param width in pixels
     * @param stride pixels from one column of the map to the next
     * @return the matrices
     */
    public static double[] interpolation(Boxes boxes, int height, int width, double stride) {
        int cells = height * width;
        double[] basis = new double[cells * cells]; // as many maps as cells, each 1 in one cell
        for (int cell = 0; cell < cells; cell++) {
            basis[cell * cells + cell] = 1;
        }
        double[] pooled = new RoiAlign(POOL, POOL, 1 / stride, 0, true).pool(basis, cells, height, width, boxes);
        double[] matrices = new double[boxes.size() * BINS * cells];
        for (int box = 0; box < boxes.size(); box++) {
            for (int cell = 0; cell < cells; cell++) {
                for (int bin = 0; bin < BINS; bin++) {
                    matrices[(box * BINS + bin) * cells + cell] = pooled[(box * cells + cell) * BINS + bin];
                }
            }
        }
        return matrices;
    }

    /**
     * {@link #interpolation} for this network's map.
     *
     * @param boxes boxes in pixels
     * @return the matrices
     */
    public double[] interpolation(Boxes boxes) {
        return interpolation(boxes, mapHeight(), mapWidth(), stride());
    }

    /**
     * {@return what training feeds as {@link #TARGETS}: the mean over boxes and actions of the whole batch}
     *
     * @param labels actions of each box of each clip, by index from 0
     * @param boxes the network's boxes per clip; clips with fewer have unused ones
     * @param actions number of action classes
     */
    public static HostTensor targets(List<List<int[]>> labels, int boxes, int actions) {
        int real = Math.max(1, labels.stream().mapToInt(List::size).sum());
        int batch = labels.size();
        float weight = (float) ((double) batch / ((double) real * actions)); // the loss is averaged over the batch
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
