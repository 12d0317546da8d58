package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.graph.Activation;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the linear layers that end in a residual sum and can compute {@code skip + scale · (x · weightᵀ + bias)} in one primitive.
 *
 * <p>The layer is computed at the position of the sum in the graph, when the skip is known; the nodes in between disappear.
 */
public final class Fusions {
    /**
     * A residual sum.
     *
     * @param linear the layer whose result is added
     * @param skip the tensor it is added to
     * @param layerScale a factor per channel, or null
     */
    record Residual(Node linear, Node skip, @Nullable Node layerScale) {}

    private final Map<Node, List<Node>> readers = new HashMap<>();
    private final Set<Node> outputs;
    private final Set<Node> constants;
    private final Map<Node, Residual> residuals = new HashMap<>();
    private final Set<Node> absorbed = new HashSet<>();

    Fusions(Graph graph, Set<Node> constants) {
        this.outputs = new HashSet<>(graph.outputs().values());
        this.constants = constants;
        graph.nodes()
                .forEach(node -> node.inputs()
                        .forEach(source -> readers.computeIfAbsent(source, unread -> new ArrayList<>())
                                .add(node)));
        graph.nodes().stream().filter(node -> node.op() instanceof Op.Add).forEach(this::findResidual);
    }

    /** Returns the residual sum that a node computes, or null. */
    @Nullable
    Residual residual(Node add) {
        return residuals.get(add);
    }

    /** Whether a node is computed as part of a later one. */
    boolean isAbsorbed(Node node) {
        return absorbed.contains(node);
    }

    /** The nodes that read a node's tensor. */
    List<Node> readers(Node node) {
        return readers.getOrDefault(node, List.of());
    }

    boolean isOutput(Node node) {
        return outputs.contains(node);
    }

    private void findResidual(Node add) {
        for (int branch = 1; branch >= 0; branch--) {
            Node skip = add.inputs().get(1 - branch);
            if (!constants.contains(skip)
                    && skip.shape().equals(add.shape())
                    && absorb(add, add.inputs().get(branch), skip)) {
                return;
            }
        }
    }

    private boolean absorb(Node add, Node branch, Node skip) {
        Node linear = branch;
        Node layerScale = null;
        if (branch.op() instanceof Op.Multiply && isPrivate(branch)) {
            linear = branch.inputs().get(0);
            layerScale = branch.inputs().get(1);
        }
        boolean scalesChannels = layerScale == null
                || (constants.contains(layerScale)
                        && layerScale.shape().elements() == add.shape().size(-1));
        boolean fits = linear.op() instanceof Op.Linear layer
                && layer.activation() == Activation.NONE
                && linear.shape().equals(add.shape());
        if (!fits || !scalesChannels || !isPrivate(linear) || constants.contains(linear)) {
            return false;
        }
        residuals.put(add, new Residual(linear, skip, layerScale));
        absorbed.add(linear);
        absorbed.add(branch);
        return true;
    }

    /** Read once, and not an output. */
    private boolean isPrivate(Node node) {
        return readers(node).size() == 1 && !isOutput(node);
    }
}
