package io.github.hiera4j.onnx.graph;

import static io.github.hiera4j.model.Check.checkSupported;

import ai.onnx.proto.OnnxMl.GraphProto;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.reference.ConstantFolding;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onnx.file.Initializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Translates the graph of a network to ONNX. Tensors that depend only on weights are computed once, in double precision, and stored. Inputs
 * and outputs are float32 (indices int64) for every internal precision.
 */
public final class GraphTranslation {
    private final Graph graph;
    private final WeightSource weights;
    private final DType floating;
    private final NodeWriter nodes;
    private final Map<Integer, HostTensor> folded;
    private final Set<Node> constants;
    private final Map<Node, Tensor> tensors = new HashMap<>();
    private final Settings settings;

    /**
     * Settings of the translation.
     *
     * @param opset the version of the operators, 17 or later
     * @param floating element type of weights and of the computation
     * @param integers whether linear layers whose weights have scales are written with 8-bit integers; needs float32 for the rest
     * @param descriptions human-readable text for inputs and outputs, by name
     * @param outputNames names of outputs in the file, if they differ from those of the graph
     */
    public record Settings(
            int opset,
            DType floating,
            boolean integers,
            UnaryOperator<String> descriptions,
            Map<String, String> outputNames) {}

    /** A graph without its initializers, and its initializers, whose elements are read when they are written. */
    public record Result(GraphProto graph, List<Initializer> initializers) {}

    private GraphTranslation(Graph graph, WeightSource weights, Settings settings) {
        this.graph = graph;
        this.weights = weights;
        this.settings = settings;
        this.floating = settings.floating();
        this.nodes = new NodeWriter(settings.opset(), floating);
        this.folded = ConstantFolding.fold(graph, weights);
        this.constants = ConstantFolding.constants(graph);
    }

    /**
     * Translates a graph.
     *
     * @param graph the network; its batch may be symbolic
     * @param weights the weights, which must stay open until the initializers are written
     * @param settings the settings of the translation
     * @param stages the stages that precede the network
     * @return nodes and weights
     */
    public static Result translate(Graph graph, WeightSource weights, Settings settings, List<InputStage> stages) {
        GraphTranslation translation = new GraphTranslation(graph, weights, settings);
        translation.reserveNames();
        translation.inputs(stages);
        translation.operations();
        translation.outputs();
        return new Result(translation.nodes.graph().build(), translation.nodes.initializers());
    }

    private String describe(String name) {
        return settings.descriptions().apply(name);
    }

    private String outputName(String name) {
        return settings.outputNames().getOrDefault(name, name);
    }

    /** Names of inputs and outputs are part of the contract with callers; internal tensors take other names. */
    private void reserveNames() {
        graph.inputs().keySet().forEach(nodes::unique);
        graph.outputs().keySet().stream().map(this::outputName).forEach(name -> {
            String given = nodes.unique(name);
            checkSupported(given.equals(name), "the graph has an input and an output named '%s'", name);
        });
    }

    private void inputs(List<InputStage> stages) {
        Map<String, Node> wanted = new LinkedHashMap<>(graph.inputs());
        for (InputStage stage : stages) {
            Map<String, Shape> made = new LinkedHashMap<>();
            stage.provides().stream()
                    .filter(wanted::containsKey)
                    .forEach(name -> made.put(
                            name, Objects.requireNonNull(wanted.get(name)).shape()));
            Map<String, Tensor> results = stage.build(new InputNodes(nodes, settings.descriptions()), made);
            made.keySet().forEach(name -> {
                Node node = Objects.requireNonNull(wanted.remove(name));
                tensors.put(node, computing(name, Objects.requireNonNull(results.get(name), name)));
            });
        }
        wanted.forEach((name, node) -> {
            DType dtype = ((Op.Input) node.op()).dtype();
            nodes.graph().addInput(ValueInfos.of(name, dtype, ValueInfos.axes(node.shape()), describe(name)));
            tensors.put(node, computing(name, new Tensor(name, dtype, node.shape())));
        });
    }

    /** An input in the element type that the network computes in. */
    private Tensor computing(String name, Tensor fed) {
        nodes.begin(name);
        return fed.dtype().isFloating() ? nodes.cast("cast", fed, floating) : fed;
    }

    private void operations() {
        OnnxKernels kernels = new OnnxKernels(nodes);
        Map<Node, String> outputNames = new HashMap<>();
        graph.outputs().forEach((name, node) -> outputNames.putIfAbsent(node, outputName(name)));
        Set<String> direct = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Input || constants.contains(node)) {
                continue;
            }
            List<Tensor> arguments = new ArrayList<>();
            node.inputs().forEach(input -> arguments.add(tensor(input)));
            nodes.begin(node.name());
            String output = floating == DType.FLOAT32 ? outputNames.get(node) : null;
            if (output != null && direct.add(output)) {
                nodes.beginOutput(node.name(), output);
            }
            tensors.put(node, node.op().run(kernels, arguments));
        }
    }

    /** The result of a node; for a constant its value, read when it is needed. */
    private Tensor tensor(Node node) {
        return tensors.computeIfAbsent(node, constant -> {
            HostTensor value = folded.get(constant.id());
            return new Tensor(
                    nodes.unique(constant.name()),
                    floating,
                    constant.shape(),
                    value != null ? () -> value : () -> weights.read(constant.name(), constant.shape()),
                    value == null && settings.integers()
                            ? weights.quantization(constant.name()).orElse(null)
                            : null);
        });
    }

    private void outputs() {
        graph.outputs().forEach((own, node) -> {
            String name = outputName(own);
            Tensor made = tensor(node);
            nodes.begin(name);
            if (made.dtype() != DType.FLOAT32) {
                nodes.castTo(name, made);
            } else if (!made.name().equals(name)) {
                nodes.emit("Identity", name, List.of(nodes.read(made)));
            }
            nodes.graph().addOutput(ValueInfos.of(name, DType.FLOAT32, ValueInfos.axes(node.shape()), describe(name)));
        });
    }
}
