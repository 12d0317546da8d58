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

    /** Starts an empty graph. */
    public GraphBuilder() {
        this("", new Contents());
    }

    private GraphBuilder(String prefix, Contents contents) {
        this.prefix = prefix;
        this.contents = contents;
    }

    /**
     * {@return a builder of the same graph whose names begin with this one's prefix and {@code name}}
     *
     * @param name added to the prefix, with a dot after it: {@code blocks.3}
     */
    public GraphBuilder scope(String name) {
        return new GraphBuilder(prefix + name + ".", contents);
    }

    /**
     * {@return a float tensor to be fed; the name is not prefixed}
     *
     * @param name the key of {@code Session.run}'s feeds
     * @param shape its first axis may be {@link Shape#BATCH}
     */
    public Value input(String name, Shape shape) {
        return append(name, new Op.Input(shape, DType.FLOAT32), List.of());
    }

    /**
     * {@return a tensor of int64 indices to be fed; the name is not prefixed}
     *
     * @param name the key of {@code Session.run}'s feeds
     * @param shape its first axis may be {@link Shape#BATCH}
     */
    public Value indexInput(String name, Shape shape) {
        return append(name, new Op.Input(shape, DType.INT64), List.of());
    }

    /**
     * {@return a weight under this scope; asking twice for one name gives the same node}
     *
     * @param name the parameter's official name within this scope: {@code attn.qkv.weight}
     * @param shape without a batch axis
     */
    public Value parameter(String name, Shape shape) {
        Node existing = contents.named.get(prefix + name);
        if (existing != null) {
            return new Value(existing);
        }
        return append(prefix + name, new Op.Parameter(shape), List.of());
    }

    /**
     * {@return a tensor that is the same in every run}
     *
     * @param name of the node
     * @param value any shape; not copied
     */
    public Value constant(String name, HostTensor value) {
        return step(name, new Op.Constant(value));
    }

    /**
     * {@return a convolution with the parameters {@code name.weight} and {@code name.bias}}
     *
     * @param x channels first, {@code [B, C, …]} with one to three spatial axes
     * @param name the name of the layer
     * @param channels output channels K: the result is {@code [B, K, …]}
     * @param kernel size per spatial axis, 1 or more
     * @param stride per spatial axis, 1 or more
     * @param padding zeros on both sides of each spatial axis, 0 or more
     */
    public Value convolution(
            Value x, String name, int channels, List<Integer> kernel, List<Integer> stride, List<Integer> padding) {
        int[] weightShape = IntStream.concat(
                        IntStream.of(channels, x.size(1)), kernel.stream().mapToInt(Integer::intValue))
                .toArray();
        Value weight = parameter(name + ".weight", Shape.of(weightShape));
        Value bias = parameter(name + ".bias", Shape.of(channels));
        return step(name, new Op.Convolution(stride, padding), x, weight, bias);
    }

    /**
     * {@return a convolution whose weight {@code [K, C, …]} and bias {@code [K]} are values of the graph}
     *
     * @param x channels first, {@code [B, C, …]} with one to three spatial axes
     * @param name the name of the layer
     * @param weight {@code [K, C, …]}
     * @param bias {@code [K]}
     * @param stride per spatial axis, 1 or more
     * @param padding zeros on both sides of each spatial axis, 0 or more
     */
    public Value convolution(
            Value x, String name, Value weight, Value bias, List<Integer> stride, List<Integer> padding) {
        return step(name, new Op.Convolution(stride, padding), x, weight, bias);
    }

    /**
     * {@return a linear layer with the parameters {@code name.weight} and {@code name.bias}}
     *
     * @param x {@code [..., I]}
     * @param name the name of the layer
     * @param channels output channels O: the result is {@code [..., O]}
     */
    public Value linear(Value x, String name, int channels) {
        return linear(x, name, channels, Activation.NONE);
    }

    /**
     * {@return {@code activation(x · weightᵀ + bias)}, with new parameters {@code name.weight} and {@code name.bias}}
     *
     * @param x {@code [..., I]}
     * @param name the name of the layer
     * @param channels output channels O: the result is {@code [..., O]}
     * @param activation applied to every element of the result
     */
    public Value linear(Value x, String name, int channels, Activation activation) {
        Value weight = parameter(name + ".weight", Shape.of(channels, x.size(-1)));
        Value bias = parameter(name + ".bias", Shape.of(channels));
        return step(name, new Op.Linear(activation), x, weight, bias);
    }

    /**
     * {@return a linear layer whose weight {@code [O, I]} and bias {@code [O]} are values of the graph}
     *
     * @param x {@code [..., I]}
     * @param name the name of the layer
     * @param weight {@code [O, I]}
     * @param bias {@code [O]}
     */
    public Value linear(Value x, String name, Value weight, Value bias) {
        return step(name, new Op.Linear(Activation.NONE), x, weight, bias);
    }

    /**
     * {@return a matrix product {@code x · weightᵀ} on the last axis}
     *
     * @param x {@code [..., I]}
     * @param name of the node
     * @param weight {@code [O, I]}, not transposed; the result is {@code [..., O]}
     */
    public Value matmul(Value x, String name, Value weight) {
        return step(name, new Op.Linear(Activation.NONE), x, weight);
    }

    /**
     * {@return a LayerNorm over the last axis with the parameters {@code name.weight} and {@code name.bias}}
     *
     * @param x {@code [..., C]}; the result has the same shape
     * @param name the name of the layer; its parameters are {@code [C]}
     * @param epsilon added to the variance, greater than 0
     */
    public Value layerNorm(Value x, String name, double epsilon) {
        Shape channels = Shape.of(x.size(-1));
        Value weight = parameter(name + ".weight", channels);
        Value bias = parameter(name + ".bias", channels);
        return step(name, new Op.LayerNorm(epsilon), x, weight, bias);
    }

    /**
     * {@return {@link Op.Standardize} over the last axis}
     *
     * @param x {@code [..., C]}; the result has the same shape
     * @param epsilon added to the variance, greater than 0
     */
    public Value standardize(Value x, double epsilon) {
        return step("standardize", new Op.Standardize(epsilon), x);
    }

    /**
     * {@return the sum, element by element}
     *
     * @param left of any shape
     * @param right of the same rank; an axis of size 1 on either side repeats
     */
    public Value add(Value left, Value right) {
        return step("add", new Op.Add(), left, right);
    }

    /**
     * {@return the product, element by element}
     *
     * @param left of any shape
     * @param right of the same rank; an axis of size 1 on either side repeats
     */
    public Value multiply(Value left, Value right) {
        return step("multiply", new Op.Multiply(), left, right);
    }

    /**
     * Reshapes a tensor without a batch axis.
     *
     * @param x a value of any shape with the same number of elements, in row-major order
     * @param sizes sizes by axis; {@link Shape#BATCH} for a symbolic batch
     * @return the same elements in the new shape; {@code x} itself where the shape is the same
     */
    public Value reshape(Value x, int... sizes) {
        return reshape(x, Shape.of(sizes));
    }

    /**
     * Reshapes a tensor; the batch stays the first axis.
     *
     * @param x a value of any shape with the same number of elements, in row-major order
     * @param shape of the result
     * @return the same elements in the new shape; {@code x} itself where the shape is the same
     */
    public Value reshape(Value x, Shape shape) {
        return x.shape().equals(shape) ? x : step("reshape", new Op.Reshape(shape), x);
    }

    /**
     * {@return the axes in another order}
     *
     * @param x {@code [d0, d1, …]}
     * @param order a permutation of 0 to rank−1: the axis of {@code x} at each position of the result
     */
    public Value permute(Value x, List<Integer> order) {
        boolean identity = IntStream.range(0, order.size()).allMatch(axis -> order.get(axis) == axis);
        return identity ? x : step("permute", new Op.Permute(order), x);
    }

    /**
     * {@return a range of an axis}
     *
     * @param x a value of any shape
     * @param axis from 0; negative axes count from the end
     * @param start the first index that is kept, 0 or more
     * @param length size of the axis in the result, 1 or more
     */
    public Value slice(Value x, int axis, int start, int length) {
        return length == x.size(axis) ? x : step("slice", new Op.Slice(axis, start, length), x);
    }

    /**
     * {@return the tensors one after another along an axis}
     *
     * @param axis from 0; negative axes count from the end
     * @param inputs one or more, with equal shapes but for the size of the axis
     */
    public Value concat(int axis, Value... inputs) {
        return step("concat", new Op.Concat(axis), inputs);
    }

    /**
     * {@return the maximum over an axis, which disappears}
     *
     * @param x of two or more axes
     * @param axis from 0; negative axes count from the end
     */
    public Value max(Value x, int axis) {
        return step("max", new Op.Max(axis), x);
    }

    /**
     * {@return the mean over an axis, which disappears}
     *
     * @param x of two or more axes
     * @param axis from 0; negative axes count from the end
     */
    public Value mean(Value x, int axis) {
        return step("mean", new Op.Mean(axis), x);
    }

    /**
     * See {@link Op.Attention}.
     *
     * @param qkv joined queries, keys and values, {@code [B, N, 3·C]}
     * @param heads attention heads, a divisor of C
     * @param windows windows W that the tokens are divided into, a divisor of N; 1: every token attends to all
     * @param queryPool each group of this many queries is replaced by its maximum; 1: no pooling
     * @return {@code [B, N / queryPool, C]}
     */
    public Value attention(Value qkv, int heads, int windows, int queryPool) {
        return step("attention", new Op.Attention(heads, windows, queryPool), qkv);
    }

    /**
     * {@return {@link Op.PooledAttention}}
     *
     * @param q queries {@code [B, Nq, heads·e]}
     * @param k keys {@code [B, Nk, heads·e]}
     * @param v values {@code [B, Nk, heads·d]}
     * @param heads attention heads
     * @param positions channels of relative positions at the end of each head of queries and keys
     */
    public Value pooledAttention(Value q, Value k, Value v, int heads, int positions) {
        return step("attention", new Op.PooledAttention(heads, positions), q, k, v);
    }

    /**
     * {@return {@link Op.DepthwiseConvolution}}
     *
     * @param x the grid {@code [B, G, h, w, C]}
     * @param name of the node
     * @param weight {@code [C, 1, kernelH, kernelW]}, a value of the graph
     * @param op stride and padding
     */
    public Value depthwiseConvolution(Value x, String name, Value weight, Op.DepthwiseConvolution op) {
        return step(name, op, x, weight);
    }

    /**
     * {@return {@link Op.MaxPool}}
     *
     * @param x the grid {@code [B, G, h, w, C]}
     * @param op kernel, stride and padding
     */
    public Value maxPool(Value x, Op.MaxPool op) {
        return step("max_pool", op, x);
    }

    /**
     * {@return {@link Op.GatherTokens}: the chosen tokens {@code [B, K, C]}}
     *
     * @param x {@code [B, N, C]}
     * @param index {@code [B, K]} int64, each from 0 to N−1
     */
    public Value gatherTokens(Value x, Value index) {
        return step("gather", new Op.GatherTokens(), x, index);
    }

    /**
     * {@return {@link Op.Softmax} over the last axis}
     *
     * @param x {@code [..., C]}; the result has the same shape
     */
    public Value softmax(Value x) {
        return step("softmax", new Op.Softmax(), x);
    }

    /**
     * {@return a function of each element on its own}
     *
     * @param x a value of any shape; the result has the same shape
     * @param function applied to every element
     */
    public Value elementwise(Value x, Function function) {
        return step(function.name().toLowerCase(Locale.ROOT), new Op.Elementwise(function), x);
    }

    /**
     * See {@link Op.MatrixProduct}.
     *
     * @param left {@code [..., M, K]}
     * @param right {@code [..., K, N]} with the same leading axes; the first may be 1 on either side and repeats
     * @return {@code [..., M, N]}
     */
    public Value matrixProduct(Value left, Value right) {
        return step("matrix_product", new Op.MatrixProduct(), left, right);
    }

    /**
     * See {@link Op.RoiAlign}.
     *
     * @param op the operation with its settings
     * @param maps one or more {@code [B, h, w, C]}, the finest first
     * @param boxes {@code [R, 6]}: sample, level, x1, y1, x2, y2 in pixels of the network's input
     * @return {@code [R, height, width, C]}
     */
    public Value roiAlign(Op.RoiAlign op, List<Value> maps, Value boxes) {
        Value[] inputs = new Value[maps.size() + 1];
        maps.toArray(inputs);
        inputs[maps.size()] = boxes;
        return step("roi_align", op, inputs);
    }

    /**
     * Drops whole branches while training; a rate of 0 adds nothing to the graph.
     *
     * @param x a residual branch {@code [B, ...]}
     * @param rate probability of dropping a sample's branch, from 0 to less than 1
     * @return kept branches divided by {@code 1 − rate}, in training; {@code x} otherwise
     */
    public Value dropPath(Value x, double rate) {
        return rate == 0 ? x : step("drop_path", new Op.DropPath(rate), x);
    }

    /**
     * Drops elements while training; a rate of 0 adds nothing to the graph.
     *
     * @param x a value of any shape
     * @param rate probability of dropping an element, from 0 to less than 1
     * @return kept elements divided by {@code 1 − rate}, in training; {@code x} otherwise
     */
    public Value dropout(Value x, double rate) {
        return rate == 0 ? x : step("dropout", new Op.Dropout(rate), x);
    }

    /**
     * {@return {@link Op.MeanSquaredError}, a scalar}
     *
     * @param prediction of any shape
     * @param target of the same shape
     */
    public Value meanSquaredError(Value prediction, Value target) {
        return step("mean_squared_error", new Op.MeanSquaredError(), prediction, target);
    }

    /**
     * See {@link Op.SmoothL1}.
     *
     * @param prediction of any shape
     * @param target of the same shape
     * @param weight one factor per element, of the same shape
     * @param beta absolute error at which the loss turns from quadratic to linear, greater than 0
     * @return the loss, a scalar
     */
    public Value smoothL1(Value prediction, Value target, Value weight, double beta) {
        return step("smooth_l1", new Op.SmoothL1(beta), prediction, target, weight);
    }

    /**
     * See {@link Op.BinaryCrossEntropy}.
     *
     * @param logits scores before the sigmoid, of any shape
     * @param target probabilities from 0 to 1, of the same shape
     * @param weight one factor per element, of the same shape
     * @return the loss, a scalar
     */
    public Value binaryCrossEntropy(Value logits, Value target, Value weight) {
        return step("binary_cross_entropy", new Op.BinaryCrossEntropy(), logits, target, weight);
    }

    /**
     * {@return {@link Op.CrossEntropy} of scores and target probabilities, a scalar}
     *
     * @param logits scores before the softmax, {@code [B, classes]}
     * @param target target probabilities {@code [B, classes]}, each row summing to 1
     */
    public Value crossEntropy(Value logits, Value target) {
        return step("cross_entropy", new Op.CrossEntropy(), logits, target);
    }

    /**
     * Declares a result under its own name.
     *
     * @param name unique among the outputs; the key of {@code Session.run}'s result
     * @param value any node of this graph
     */
    public void output(String name, Value value) {
        if (contents.outputs.putIfAbsent(name, value.node()) != null) {
            throw new IllegalArgumentException("the output '" + name + "' exists already");
        }
    }

    /** {@return the finished graph; the builder must not be used afterwards} */
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
