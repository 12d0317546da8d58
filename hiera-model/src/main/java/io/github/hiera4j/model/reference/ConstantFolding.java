package io.github.hiera4j.model.reference;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Computes, once and in double precision, the nodes of a graph that depend only on weights: resized position embeddings,
 * reshaped kernels. A backend that folds constants first does not need to run these nodes.
 */
public final class ConstantFolding {
    private final WeightSource weights;
    private final Map<Node, DoubleTensor> values = new HashMap<>();

    private ConstantFolding(WeightSource weights) {
        this.weights = weights;
    }

    /**
     * Returns the values of all nodes that do not depend on an input and are outputs or are read by a node that depends on one.
     * Parameters are left out because a backend reads them itself.
     *
     * @param graph the network
     * @param weights its parameters by official name; may be closed afterwards
     * @return float64 tensors by {@link Node#id()}, which {@link Graph#withBatch} keeps
     */
    public static Map<Integer, HostTensor> fold(Graph graph, WeightSource weights) {
        Set<Node> constant = constants(graph);
        Set<Node> wanted = new HashSet<>(graph.outputs().values());
        graph.nodes().stream().filter(node -> !constant.contains(node)).forEach(node -> wanted.addAll(node.inputs()));
        ConstantFolding folding = new ConstantFolding(weights);
        Map<Integer, HostTensor> folded = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (constant.contains(node) && wanted.contains(node) && !(node.op() instanceof Op.Parameter)) {
                folded.put(node.id(), folding.value(node).toHost());
            }
        }
        return folded;
    }

    /**
     * {@return the nodes that do not depend on an input, including parameters}
     *
     * @param graph the network
     */
    public static Set<Node> constants(Graph graph) {
        Set<Node> constant = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (!(node.op() instanceof Op.Input) && constant.containsAll(node.inputs())) {
                constant.add(node);
            }
        }
        return constant;
    }

    private DoubleTensor value(Node node) {
        DoubleTensor known = values.get(node);
        if (known != null) {
            return known;
        }
        DoubleTensor value;
        if (node.op() instanceof Op.Parameter) {
            value = DoubleTensor.of(weights.read(node.name(), node.shape()));
        } else {
            List<DoubleTensor> arguments = new ArrayList<>();
            node.inputs().forEach(source -> arguments.add(value(source)));
            value = Objects.requireNonNull(node.op().run(new ReferenceKernels(), arguments));
        }
        values.put(node, value);
        return value;
    }
}
