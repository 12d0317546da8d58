package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.onnx.graph.Attributes.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes every operation as nodes of ONNX's standard operators. An operation without an implementation here would not compile. */
final class OnnxKernels implements Kernels<Tensor> {
    /** The version that introduced Gelu as one operator. */
    private static final int GELU_SINCE = 20;

    /** The version that made the axes of reductions an input. */
    private static final int AXES_AS_INPUT_SINCE = 18;

    private final NodeWriter nodes;
    private final BatchExpansion expansion;
    private final IntegerNodes integers;

    OnnxKernels(NodeWriter nodes) {
        this.nodes = nodes;
        this.expansion = new BatchExpansion(nodes);
        this.integers = new IntegerNodes(nodes);
    }

    @Override
    public Tensor constant(Op.Constant op) {
        throw new IllegalStateException("constants are folded before");
    }

    @Override
    public Tensor convolution(Op.Convolution op, Tensor x, Tensor weight, Tensor bias) {
        List<Integer> kernel = IntStream.range(2, weight.shape().rank())
                .mapToObj(weight.shape()::size)
                .toList();
        List<Integer> pads = new ArrayList<>(op.padding());
        pads.addAll(op.padding()); // begins, then ends
        Shape shape = op.infer(List.of(x.shape(), weight.shape(), bias.shape()));
        return nodes.last(
                "Conv",
                shape,
                List.of(x, weight, bias),
                attribute("kernel_shape", kernel),
                attribute("strides", op.stride()),
                attribute("pads", pads));
    }

    @Override
    public Tensor linear(Op.Linear op, Tensor given, Tensor weight, @Nullable Tensor bias) {
        Tensor x = weight.quantization() == null ? given : integers.input(given, weight);
        Shape shape = x.shape().withSize(-1, weight.shape().size(0));
        boolean plain = op.activation() == Activation.NONE;
        if (x.shape().rank() == 2) {
            Tensor matrix = weight.quantization() == null ? weight : integers.weight(weight);
            List<Tensor> inputs = bias == null ? List.of(x, matrix) : List.of(x, matrix, bias);
            AttributeProto transposed = attribute("transB", 1);
            return plain
                    ? nodes.last("Gemm", shape, inputs, transposed)
                    : gelu(nodes.part("linear", "Gemm", shape, inputs, transposed));
        }
        List<Tensor> factors = List.of(x, transposed(weight));
        if (bias == null) {
            return plain ? nodes.last("MatMul", shape, factors) : gelu(nodes.part("product", "MatMul", shape, factors));
        }
        Tensor product = nodes.part("product", "MatMul", shape, factors);
        return plain
                ? nodes.last("Add", shape, List.of(product, bias))
                : gelu(nodes.part("linear", "Add", shape, List.of(product, bias)));
    }

    /** {@code [O, I]} as {@code [I, O]}, which is how the weight is stored. */
    private Tensor transposed(Tensor weight) {
        if (weight.quantization() != null) {
            return integers.transposed(weight);
        }
        Shape shape = Shape.of(weight.shape().size(1), weight.shape().size(0));
        Supplier<HostTensor> value = weight.constant();
        return value == null
                ? nodes.part("transposed", "Transpose", shape, List.of(weight), attribute("perm", List.of(1, 0)))
                : new Tensor(weight.name() + ".transposed", weight.dtype(), shape, () -> Transposition.of(value.get()));
    }

    private Tensor gelu(Tensor x) {
        if (nodes.opset() >= GELU_SINCE) {
            return nodes.last("Gelu", x.shape(), List.of(x));
        }
        Tensor scaled = nodes.part("scaled", "Div", x.shape(), List.of(x, nodes.scalar(Math.sqrt(2), x.dtype())));
        Tensor erf = nodes.part("erf", "Erf", x.shape(), List.of(scaled));
        Tensor shifted = nodes.part("shifted", "Add", x.shape(), List.of(erf, nodes.scalar(1, x.dtype())));
        Tensor weighted = nodes.part("weighted", "Mul", x.shape(), List.of(x, shifted));
        return nodes.last("Mul", x.shape(), List.of(weighted, nodes.scalar(0.5, x.dtype())));
    }

    @Override
    public Tensor layerNorm(Op.LayerNorm op, Tensor x, Tensor weight, Tensor bias) {
        return nodes.last(
                "LayerNormalization",
                x.shape(),
                List.of(x, weight, bias),
                attribute("axis", -1),
                attribute("epsilon", (float) op.epsilon()));
    }

    /** In float32 for every precision, because epsilon is not a normal number in float16. */
    @Override
    public Tensor standardize(Op.Standardize op, Tensor given) {
        Tensor x = nodes.cast("float32", given, DType.FLOAT32);
        int channels = x.shape().size(-1);
        Shape one = x.shape().withSize(-1, 1);
        Tensor mean = reduce("mean", "ReduceMean", x, -1, true, one);
        Tensor centred = nodes.part("centred", "Sub", x.shape(), List.of(x, mean));
        Tensor squares = nodes.part("squares", "Mul", x.shape(), List.of(centred, centred));
        Tensor sum = nodes.part(
                "sum", "ReduceSum", one, List.of(squares, nodes.integers("axes", -1)), attribute("keepdims", 1));
        Tensor variance = nodes.part("variance", "Div", one, List.of(sum, nodes.scalar(channels - 1, DType.FLOAT32)));
        Tensor shifted =
                nodes.part("shifted", "Add", one, List.of(variance, nodes.scalar(op.epsilon(), DType.FLOAT32)));
        Tensor deviation = nodes.part("deviation", "Sqrt", one, List.of(shifted));
        return nodes.last("Div", x.shape(), List.of(centred, deviation));
    }

    @Override
    public Tensor add(Op.Add op, Tensor left, Tensor right) {
        return nodes.last("Add", op.infer(List.of(left.shape(), right.shape())), List.of(left, right));
    }

    @Override
    public Tensor multiply(Op.Multiply op, Tensor left, Tensor right) {
        return nodes.last("Mul", op.infer(List.of(left.shape(), right.shape())), List.of(left, right));
    }

    @Override
    public Tensor reshape(Op.Reshape op, Tensor x) {
        return nodes.last("Reshape", op.shape(), List.of(x, nodes.target(op.shape())));
    }

    @Override
    public Tensor permute(Op.Permute op, Tensor x) {
        return nodes.last("Transpose", op.infer(List.of(x.shape())), List.of(x), attribute("perm", op.order()));
    }

    @Override
    public Tensor slice(Op.Slice op, Tensor x) {
        Tensor start = nodes.integers("starts", op.start());
        Tensor end = nodes.integers("ends", op.start() + op.length());
        return nodes.last(
                "Slice", op.infer(List.of(x.shape())), List.of(x, start, end, nodes.integers("axes", op.axis())));
    }

    @Override
    public Tensor concat(Op.Concat op, List<Tensor> inputs) {
        Shape shape = op.infer(inputs.stream().map(Tensor::shape).toList());
        if (inputs.size() == 2 && BatchExpansion.isZeros(inputs.get(1))) {
            long[] pads = new long[2 * shape.rank()];
            pads[shape.rank() + op.axis()] = inputs.get(1).shape().size(op.axis());
            return nodes.last("Pad", shape, List.of(inputs.get(0), nodes.integers("pads", pads)));
        }
        return nodes.last("Concat", shape, expansion.toOneBatch(inputs), attribute("axis", op.axis()));
    }

    @Override
    public Tensor max(Op.Max op, Tensor x) {
        return reduce("", "ReduceMax", x, op.axis(), false, op.infer(List.of(x.shape())));
    }

    @Override
    public Tensor mean(Op.Mean op, Tensor x) {
        return reduce("", "ReduceMean", x, op.axis(), false, op.infer(List.of(x.shape())));
    }

    private Tensor reduce(String label, String type, Tensor x, int axis, boolean keeps, Shape shape) {
        boolean asInput = nodes.opset() >= AXES_AS_INPUT_SINCE;
        List<Tensor> inputs = asInput ? List.of(x, nodes.integers("axes", axis)) : List.of(x);
        AttributeProto keep = attribute("keepdims", keeps ? 1 : 0);
        AttributeProto[] attributes =
                asInput ? new AttributeProto[] {keep} : new AttributeProto[] {keep, attribute("axes", List.of(axis))};
        return label.isEmpty()
                ? nodes.last(type, shape, inputs, attributes)
                : nodes.part(label, type, shape, inputs, attributes);
    }

    @Override
    public Tensor attention(Op.Attention op, Tensor qkv) {
        return new AttentionNodes(nodes, op, qkv)
                .build(pooled -> reduce(
                        "query_pool",
                        "ReduceMax",
                        pooled,
                        1,
                        false,
                        pooled.like(pooled.shape().size(2), pooled.shape().size(3))));
    }

    @Override
    public Tensor pooledAttention(Op.PooledAttention op, Tensor q, Tensor k, Tensor v) {
        return new PoolingNodes(nodes).attention(op, q, k, v);
    }

    @Override
    public Tensor depthwiseConvolution(Op.DepthwiseConvolution op, Tensor x, Tensor weight) {
        return new PoolingNodes(nodes).convolution(op, x, weight);
    }

    @Override
    public Tensor maxPool(Op.MaxPool op, Tensor x) {
        return new PoolingNodes(nodes).largest(op, x);
    }

    @Override
    public Tensor gatherTokens(Op.GatherTokens op, Tensor x, Tensor index) {
        Tensor rows = nodes.part(
                "rows", "Unsqueeze", index.like(index.shape().size(1), 1), List.of(index, nodes.integers("axes", -1)));
        return nodes.last(
                "GatherND", op.infer(List.of(x.shape(), index.shape())), List.of(x, rows), attribute("batch_dims", 1));
    }

    @Override
    public Tensor softmax(Op.Softmax op, Tensor x) {
        return nodes.last("Softmax", x.shape(), List.of(x), attribute("axis", -1));
    }

    @Override
    public Tensor elementwise(Op.Elementwise op, Tensor x) {
        return switch (op.function()) {
            case GELU -> gelu(x);
            case RELU -> nodes.last("Relu", x.shape(), List.of(x));
            case SIGMOID -> nodes.last("Sigmoid", x.shape(), List.of(x));
            case SINE -> nodes.last("Sin", x.shape(), List.of(x));
            case COSINE -> nodes.last("Cos", x.shape(), List.of(x));
            case INVERSE_SQUARE_ROOT ->
                nodes.last("Reciprocal", x.shape(), List.of(nodes.last("Sqrt", x.shape(), List.of(x))));
        };
    }

    @Override
    public Tensor matrixProduct(Op.MatrixProduct op, Tensor left, Tensor right) {
        return nodes.last("MatMul", op.infer(List.of(left.shape(), right.shape())), List.of(left, right));
    }

    @Override
    public Tensor roiAlign(Op.RoiAlign op, List<Tensor> maps, Tensor boxes) {
        return new RoiAlignNodes(nodes, op).build(maps, boxes);
    }

    /** Nothing is dropped at inference. */
    @Override
    public Tensor dropPath(Op.DropPath op, Tensor x) {
        return x;
    }

    /** Nothing is dropped at inference. */
    @Override
    public Tensor dropout(Op.Dropout op, Tensor x) {
        return x;
    }

    @Override
    public Tensor meanSquaredError(Op.MeanSquaredError op, Tensor prediction, Tensor target) {
        return new LossNodes(nodes).meanSquaredError(prediction, target);
    }

    @Override
    public Tensor smoothL1(Op.SmoothL1 op, Tensor prediction, Tensor target, Tensor weight) {
        return new LossNodes(nodes).smoothL1(op, prediction, target, weight);
    }

    @Override
    public Tensor binaryCrossEntropy(Op.BinaryCrossEntropy op, Tensor logits, Tensor target, Tensor weight) {
        return new LossNodes(nodes).binaryCrossEntropy(logits, target, weight);
    }

    @Override
    public Tensor crossEntropy(Op.CrossEntropy op, Tensor logits, Tensor target) {
        return new LossNodes(nodes).crossEntropy(logits, target);
    }
}
