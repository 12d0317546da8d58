package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.onednn.plan.Plan;
import io.github.hiera4j.onednn.plan.PlanBuilder;
import io.github.hiera4j.onednn.plan.QuantizedMatrix;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Precision;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles a graph of known batch size: each method of {@link Kernels} adds the steps of one node to the plan. */
public final class Lowering implements Kernels<View> {
    private final Graph graph;
    private final Weights weights;
    private final Precision precision;
    private final Fusions fusions;
    private final PlanBuilder builder;
    private final Layers layers;
    private final IntegerLayers integerLayers;
    private final NodeViews views;
    private final ResultTypes types;
    private @Nullable Node current;

    private Lowering(Graph graph, int threads, Weights weights, Precision precision) {
        this.builder = new PlanBuilder(threads);
        this.graph = graph;
        this.weights = weights;
        this.precision = precision;
        Set<Node> constantNodes = new HashSet<>();
        graph.nodes().stream().filter(weights::isConstant).forEach(constantNodes::add);
        this.fusions = new Fusions(graph, constantNodes);
        this.layers = new Layers(builder, weights);
        this.views = new NodeViews(weights, fusions, precision);
        this.types = new ResultTypes(weights, fusions, precision);
        this.integerLayers = new IntegerLayers(builder, layers, weights);
    }

    /** Compiles a graph of symbolic batch for the given batch size and number of threads. */
    public static Plan compile(Graph graph, int batch, int threads, Weights weights, Precision precision) {
        Lowering lowering = new Lowering(graph.withBatch(batch), threads, weights, precision);
        try {
            lowering.declareInputs();
            lowering.graph.nodes().forEach(lowering::lower);
            return lowering.builder.build(batch);
        } catch (RuntimeException | Error fault) {
            lowering.builder.abandon();
            throw fault;
        }
    }

    private void declareInputs() {
        graph.inputs().forEach((name, node) -> {
            DType type = ((Op.Input) node.op()).dtype();
            Buffer buffer = Buffer.inArena(node.shape().elements() * type.bytes());
            View view = View.dense(buffer, type, View.sizes(node.shape()));
            builder.input(name, view);
            views.put(node, view);
        });
    }

    private void lower(Node node) {
        if (weights.isConstant(node) || node.op() instanceof Op.Input || fusions.isAbsorbed(node)) {
            writeOutputs(node);
            return;
        }
        current = node;
        builder.startNode(node.name());
        Fusions.Residual residual = fusions.residual(node);
        views.put(node, residual == null ? node.op().run(this, views.arguments(node)) : residualSum(node, residual));
        writeOutputs(node);
    }

    /** Callers get dense float32 tensors; they are written as soon as they are computed. */
    private void writeOutputs(Node node) {
        graph.outputs().forEach((name, output) -> {
            if (output.equals(node)) {
                View result = layers.cast(layers.dense(views.of(node)), DType.FLOAT32);
                boolean shared = result.buffer().isConstant() || node.op() instanceof Op.Input || result.offset() != 0;
                if (shared) {
                    View copy = builder.allocate(DType.FLOAT32, result.sizes());
                    layers.copy(result, copy);
                    result = copy;
                }
                builder.output(name, result);
            }
        });
    }

    private View linear(Node layer, View x, Node weight, @Nullable View bias, Layers.Epilogue epilogue, DType result) {
        QuantizedMatrix matrix = weights.quantized(weight);
        if (matrix == null) {
            return layers.linear(x, weight, bias, epilogue, precision.compute(), result);
        }
        LinearQuantization form = epilogue.skip() == null ? types.quantized(layer) : null;
        return integerLayers.linear(x, weight, matrix, bias, epilogue, result, form);
    }

    private Node node() {
        return Objects.requireNonNull(current);
    }

    private long[] sizes() {
        return View.sizes(node().shape());
    }

    private View residualSum(Node add, Fusions.Residual residual) {
        Node linear = residual.linear();
        View skip = layers.cast(views.of(residual.skip()), precision.stream());
        View bias = linear.inputs().size() == 3 ? views.of(linear.inputs().get(2)) : null;
        View scale = residual.layerScale() == null ? null : views.of(residual.layerScale());
        builder.startNode(linear.name());
        Layers.Epilogue epilogue = new Layers.Epilogue(Activation.NONE, scale, skip, views.isLastReader(skip, add));
        return linear(
                linear, views.of(linear.inputs().get(0)), linear.inputs().get(1), bias, epilogue, precision.stream());
    }

    @Override
    public View linear(Op.Linear op, View x, View weight, @Nullable View bias) {
        Layers.Epilogue epilogue = new Layers.Epilogue(op.activation(), null, null, false);
        return linear(node(), x, views.node(weight), bias, epilogue, types.result(node()));
    }

    @Override
    public View convolution(Op.Convolution op, View x, View weight, View bias) {
        return new ConvolutionLayer(builder, layers, weights)
                .convolve(op, x, views.node(weight), bias, sizes(), precision);
    }

    @Override
    public View layerNorm(Op.LayerNorm op, View x, View weight, View bias) {
        LinearQuantization form = types.quantized(node());
        return form == null
                ? layers.layerNorm(x, weight, bias, op.epsilon(), types.result(node()))
                : integerLayers.layerNorm(x, weight, bias, op.epsilon(), form);
    }

    @Override
    public View standardize(Op.Standardize op, View x) {
        return layers.standardize(x, op.epsilon());
    }

    @Override
    public View add(Op.Add op, View left, View right) {
        return layers.binary(true, left, right, sizes());
    }

    @Override
    public View multiply(Op.Multiply op, View left, View right) {
        return layers.binary(false, left, right, sizes());
    }

    @Override
    public View reshape(Op.Reshape op, View x) {
        return layers.reshape(x, sizes());
    }

    @Override
    public View permute(Op.Permute op, View x) {
        return x.permuted(op.order());
    }

    @Override
    public View slice(Op.Slice op, View x) {
        return x.sliced(op.axis(), op.start(), op.length());
    }

    @Override
    public View concat(Op.Concat op, List<View> inputs) {
        return layers.concat(op.axis(), inputs, sizes());
    }

    @Override
    public View max(Op.Max op, View x) {
        return pool(true, op.axis(), x);
    }

    @Override
    public View mean(Op.Mean op, View x) {
        return pool(false, op.axis(), x);
    }

    private View pool(boolean maximum, int axis, View x) {
        if (axis != 1 || x.rank() < 3) {
            throw unsupported("pools along axis 1 of tokens, not along axis " + axis + " of " + x);
        }
        return layers.pool(maximum, x, sizes());
    }

    @Override
    public View attention(Op.Attention op, View qkv) {
        return new AttentionLayer(builder, layers, precision).attend(op, layers.cast(qkv, precision.compute()));
    }

    @Override
    public View pooledAttention(Op.PooledAttention op, View q, View k, View v) {
        return new AttentionLayer(builder, layers, precision)
                .attend(
                        op,
                        layers.cast(q, precision.compute()),
                        layers.cast(k, precision.compute()),
                        layers.cast(v, precision.compute()));
    }

    @Override
    public View depthwiseConvolution(Op.DepthwiseConvolution op, View x, View weight) {
        return new SlidingWindows(builder, layers, weights).convolve(op, x, views.node(weight), sizes());
    }

    @Override
    public View maxPool(Op.MaxPool op, View x) {
        return new SlidingWindows(builder, layers, weights).largest(op, x, sizes());
    }

    @Override
    public View gatherTokens(Op.GatherTokens op, View x, View index) {
        View source = layers.dense(x);
        View result = builder.allocate(x.type(), sizes());
        builder.add(HostSteps.gather(node().name(), source, layers.dense(index), result));
        return result;
    }

    @Override
    public View softmax(Op.Softmax op, View x) {
        View source = layers.cast(layers.dense(x), DType.FLOAT32);
        View result = builder.allocate(DType.FLOAT32, source.sizes());
        layers.softmax(source, result);
        return result;
    }

    @Override
    public View elementwise(Op.Elementwise op, View x) {
        return layers.elementwise(op.function(), x);
    }

    @Override
    public View matrixProduct(Op.MatrixProduct op, View left, View right) {
        View result = builder.allocate(types.result(node()), sizes());
        layers.matrixProduct(layers.cast(left, precision.compute()), layers.cast(right, precision.compute()), result);
        return result;
    }

    @Override
    public View roiAlign(Op.RoiAlign op, List<View> maps, View boxes) {
        View result = builder.allocate(DType.FLOAT32, sizes());
        List<View> sources = maps.stream()
                .map(map -> layers.cast(layers.dense(map), DType.FLOAT32))
                .toList();
        builder.add(
                RoiPooling.step(node().name(), op, sources, layers.cast(layers.dense(boxes), DType.FLOAT32), result));
        return layers.cast(result, precision.stream());
    }

    @Override
    public View meanSquaredError(Op.MeanSquaredError op, View prediction, View target) {
        View result = builder.allocate(DType.FLOAT32, 1);
        View left = layers.cast(layers.dense(prediction), DType.FLOAT32);
        View right = layers.cast(layers.dense(target), DType.FLOAT32);
        builder.add(HostSteps.meanSquaredError(node().name(), left, right, result));
        return result;
    }

    @Override
    public View constant(Op.Constant op) {
        throw new IllegalStateException("constants were folded");
    }

    @Override
    public View dropPath(Op.DropPath op, View x) {
        throw unsupported("runs inference graphs only, and this one has drop path");
    }

    @Override
    public View dropout(Op.Dropout op, View x) {
        throw unsupported("runs inference graphs only, and this one has dropout");
    }

    @Override
    public View smoothL1(Op.SmoothL1 op, View prediction, View target, View weight) {
        throw unsupported("runs inference graphs only, and this one has a smooth L1 loss");
    }

    @Override
    public View binaryCrossEntropy(Op.BinaryCrossEntropy op, View logits, View target, View weight) {
        throw unsupported("runs inference graphs only, and this one has a binary cross entropy");
    }

    @Override
    public View crossEntropy(Op.CrossEntropy op, View logits, View target) {
        throw unsupported("runs inference graphs only, and this one has a cross entropy");
    }

    private HieraException unsupported(String what) {
        return new HieraException("backend 'onednn' " + what + " (" + node().name() + "): use backend 'torch'");
    }
}
