package io.github.hiera4j.onednn.layers;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.onednn.plan.View;
import io.github.hiera4j.onednn.plan.Weights;
import io.github.hiera4j.onednn.primitive.Buffer;
import io.github.hiera4j.onednn.primitive.Precision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The views of the tensors of a graph's nodes while the graph is compiled. */
final class NodeViews {
    private final Weights weights;
    private final Fusions fusions;
    private final Precision precision;
    private final Map<Node, View> views = new HashMap<>();
    private final Map<Buffer, Node> constants = new HashMap<>();

    NodeViews(Weights weights, Fusions fusions, Precision precision) {
        this.weights = weights;
        this.fusions = fusions;
        this.precision = precision;
    }

    void put(Node node, View view) {
        views.put(node, view);
    }

    /** Returns the inputs of a node, in order: a stand-in for a weight in oneDNN's layout, otherwise a view. */
    List<View> arguments(Node node) {
        List<View> arguments = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            Node source = node.inputs().get(i);
            arguments.add(Weights.isMatrix(node, i) ? matrix(source) : of(source));
        }
        return arguments;
    }

    /** Returns the tensor of a node that was computed before, or is constant. */
    View of(Node node) {
        return weights.isConstant(node) ? weights.vector(node) : Objects.requireNonNull(views.get(node), node.name());
    }

    /** Returns a stand-in for a weight that oneDNN reads in its own layout; {@link #node} returns the weight's node. */
    private View matrix(Node node) {
        if (!weights.isConstant(node)) {
            throw new HieraException("backend 'onednn' needs constant weights: " + node.name() + " is computed");
        }
        View standIn = View.dense(Buffer.inArena(0), precision.compute(), View.sizes(node.shape()));
        constants.put(standIn.buffer(), node);
        return standIn;
    }

    /** Returns the weight that a stand-in among the {@link #arguments} represents. */
    Node node(View standIn) {
        return Objects.requireNonNull(constants.get(standIn.buffer()));
    }

    /** Returns whether no node reads the view's buffer after this one, so that the result may overwrite it. */
    boolean isLastReader(View view, Node reader) {
        if (view.buffer().isConstant() || view.buffer().isPinned() || !view.isDense()) {
            return false;
        }
        for (Map.Entry<Node, View> known : views.entrySet()) {
            if (known.getValue().buffer() == view.buffer()) {
                boolean input = known.getKey().op() instanceof Op.Input;
                boolean done = fusions.readers(known.getKey()).stream()
                        .allMatch(other -> other.equals(reader) || views.containsKey(other));
                if (input || !done) {
                    return false;
                }
            }
        }
        return true;
    }
}
