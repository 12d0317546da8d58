package io.github.hiera4j.model.graph;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Builds a graph step by step; every step checks its shapes, and a failure names the node.
 *
 * <p>A builder writes under a name prefix. {@link #scope} gives a builder of the same graph under a longer one, so that a
 * block can call its layer {@code attn.qkv} and the parameter becomes {@code blocks.3.attn.qkv.weight}.
 */
public final class GraphBuilder {
    private final String prefix;
    private final Contents contents;

    /** What all scopes of one graph share. */
    private static final class Contents {
        final List<Node> nodes = new ArrayList<>();
        final Map<String, Node> named = new HashMap<>();
        final Map<String, Node> outputs = new LinkedHashMap<>();
    }

    public GraphBuilder() {
        this("", new Contents());
    }

    private GraphBuilder(String prefix, Contents contents) {
        this.prefix = prefix;
        this.contents = contents;
    }

    /** A builder of the same graph whose names begin with this one's prefix and {@code name}. */
    public GraphBuilder scope(String name) {
        return new GraphBuilder(prefix + name + ".", contents);
    }

    /** A float tensor to be fed; the name is not prefixed. */
    public Value input(String name, Shape shape) {
        return append(name, new Op.Input(shape, DType.FLOAT32), List.of());
    }

    /** A tensor of int64 indices to be fed; the name is not prefixed. */
    public Value indexInput(String name, Shape shape) {
        return append(name, new Op.Input(shape, DType.INT64), List.of());
    }

    /** A weight under this scope; asking twice for one name gives the same node. */
    public Value parameter(String name, Shape shape) {
        Node existing = contents.named.get(prefix + name);
        if (existing != null) {
            return new Value(existing);
        }
        return append(prefix + name, new Op.Parameter(shape), List.of());
    }

    public Value constant(String name, HostTensor value) {
        return step(name, new Op.Constant(value));
    }

    /** A convolution with the parameters {@code name.weight} and {@code name.bias}. */
    public Value convolution(
            Value x, String name, int channels, List<Integer> kernel, List<Integer> stride, List<Integer> padding) {
        int[] weightShape = IntStream.concat(
                        IntStream.of(channels, x.size(1)), kernel.stream().mapToInt(Integer::intValue))
                .toArray();
        Value weight = parameter(name + ".weight", Shape.of(weightShape));
        Value bias = parameter(name + ".bias", Shape.of(channels));
        return step(name, new Op.Convolution(stride, padding), x, weight, bias);
    }

    /** A convolution whose weight {@code [K, C, …]} and bias {@code [K]} are values of the graph. */
    public Value convolution(
            Value x, String name, Value weight, Value bias, List<Integer> stride, List<Integer> padding) {
        return step(name, new Op.Convolution(stride, padding), x, weight, bias);
    }

    /** A linear layer with the parameters {@code name.weight} and {@code name.bias}. */
    public Value linear(Value x, String name, int channels) {
        return linear(x, name, channels, Activation.NONE);
    }

    public Value linear(Value x, String name, int channels, Activation activation) {
        Value weight = parameter(name + ".weight", Shape.of(channels, x.size(-1)));
        Value bias = parameter(name + ".bias", Shape.of(channels));
        return step(name, new Op.Linear(activation), x, weight, bias);
    }

    /** A linear layer whose weight {@code [O, I]} and bias {@code [O]} are values of the graph. */
    public Value linear(Value x, String name, Value weight, Value bias) {
        return step(name, new Op.Linear(Activation.NONE), x, weight, bias);
    }

    /** A matrix product {@code x · weightᵀ} on the last axis. */
    public Value matmul(Value x, String name, Value weight) {
        return step(name, new Op.Linear(Activation.NONE), x, weight);
    }

    /** A LayerNorm over the last axis with the parameters {@code name.weight} and {@code name.bias}. */
    public Value layerNorm(Value x, String name, double epsilon) {
        Shape channels = Shape.of(x.size(-1));
        Value weight = parameter(name + ".weight", channels);
        Value bias = parameter(name + ".bias", channels);
        return step(name, new Op.LayerNorm(epsilon), x, weight, bias);
    }

    public Value standardize(Value x, double epsilon) {
        return step("standardize", new Op.Standardize(epsilon), x);
    }

    public Value add(Value left, Value right) {
        return step("add", new Op.Add(), left, right);
    }

    public Value multiply(Value left, Value right) {
        return step("multiply", new Op.Multiply(), left, right);
    }

    /** Reshapes a tensor without a batch axis. */
    public Value reshape(Value x, int... sizes) {
        return reshape(x, Shape.of(sizes));
    }

    public Value reshape(Value x, Shape shape) {
        return x.shape().equals(shape) ? x : step("reshape", new Op.Reshape(shape), x);
    }

    public Value permute(Value x, List<Integer> order) {
        boolean identity = IntStream.range(0, order.size()).allMatch(axis -> order.get(axis) == axis);
        return identity ? x : step("permute", new Op.Permute(order), x);
    }

    public Value slice(Value x, int axis, int start, int length) {
        return length == x.size(axis) ? x : step("slice", new Op.Slice(axis, start, length), x);
    }

    public Value concat(int axis, Value... inputs) {
        return step("concat", new Op.Concat(axis), inputs);
    }

    public Value max(Value x, int axis) {
        return step("max", new Op.Max(axis), x);
    }

    public Value mean(Value x, int axis) {
        return step("mean", new Op.Mean(axis), x);
    }

    /** See {@link Op.Attention}. */
    public Value attention(Value qkv, int heads, int windows, int queryPool) {
        return step("attention", new Op.Attention(heads, windows, queryPool), qkv);
    }

    /** See {@link Op.PooledAttention}. */
    public Value pooledAttention(Value q, Value k, Value v, int heads, int positions) {
        return step("attention", new Op.PooledAttention(heads, positions), q, k, v);
    }

    /** See {@link Op.DepthwiseConvolution}; the weight is a value of the graph. */
    public Value depthwiseConvolution(Value x, String name, Value weight, Op.DepthwiseConvolution op) {
        return step(name, op, x, weight);
    }

    /** See {@link Op.MaxPool}. */
    public Value maxPool(Value x, Op.MaxPool op) {
        return step("max_pool", op, x);
    }

    public Value gatherTokens(Value x, Value index) {
        return step("gather", new Op.GatherTokens(), x, index);
    }

    public Value softmax(Value x) {
        return step("softmax", new Op.Softmax(), x);
    }

    /** A function of each element on its own. */
    public Value elementwise(Value x, Function function) {
        return step(function.name().toLowerCase(Locale.ROOT), new Op.Elementwise(function), x);
    }

    /** See {@link Op.MatrixProduct}. */
    public Value matrixProduct(Value left, Value right) {
        return step("matrix_product", new Op.MatrixProduct(), left, right);
    }

    /** See {@link Op.RoiAlign}. */
    public Value roiAlign(Op.RoiAlign op, List<Value> maps, Value boxes) {
        Value[] inputs = new Value[maps.size() + 1];
        maps.toArray(inputs);
        inputs[maps.size()] = boxes;
        return step("roi_align", op, inputs);
    }

    /** Drops whole branches while training; a rate of 0 adds nothing to the graph. */
    public Value dropPath(Value x, double rate) {
        return rate == 0 ? x : step("drop_path", new Op.DropPath(rate), x);
    }

    /** Drops elements while training; a rate of 0 adds nothing to the graph. */
    public Value dropout(Value x, double rate) {
        return rate == 0 ? x : step("dropout", new Op.Dropout(rate), x);
    }

    public Value meanSquaredError(Value prediction, Value target) {
        return step("mean_squared_error", new Op.MeanSquaredError(), prediction, target);
    }

    /** See {@link Op.SmoothL1}. */
    public Value smoothL1(Value prediction, Value target, Value weight, double beta) {
        return step("smooth_l1", new Op.SmoothL1(beta), prediction, target, weight);
    }

    /** See {@link Op.BinaryCrossEntropy}. */
    public Value binaryCrossEntropy(Value logits, Value target, Value weight) {
        return step("binary_cross_entropy", new Op.BinaryCrossEntropy(), logits, target, weight);
    }

    public Value crossEntropy(Value logits, Value target) {
        return step("cross_entropy", new Op.CrossEntropy(), logits, target);
    }

    /** Declares a result under a name of its own. */
    public void output(String name, Value value) {
        if (contents.outputs.putIfAbsent(name, value.node()) != null) {
            throw new IllegalArgumentException("the output '" + name + "' exists already");
        }
    }

    public Graph build() {
        return new Graph(contents.nodes, contents.outputs);
    }

    private Value step(String label, Op op, Value... inputs) {
        String wanted = prefix + label;
        String name = wanted;
        for (int copy = 2; contents.named.containsKey(name); copy++) {
            name = wanted + "_" + copy;
        }
        return append(name, op, List.of(inputs));
    }

    private Value append(String name, Op op, List<Value> inputs) {
        List<Node> sources = inputs.stream().map(Value::node).toList();
        Shape shape;
        try {
            shape = op.infer(sources.stream().map(Node::shape).toList());
        } catch (HieraException fault) {
            throw new HieraException(name + " (" + op.label() + "): " + fault.getMessage(), fault);
        }
        Node node = new Node(contents.nodes.size(), name, op, sources, shape);
        if (contents.named.putIfAbsent(name, node) != null) {
            throw new IllegalArgumentException("the node '" + name + "' exists already");
        }
        contents.nodes.add(node);
        return new Value(node);
    }
}
