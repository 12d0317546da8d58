package io.github.hiera4j.model.quantize;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The linear layers of a graph that can be computed in int8: those in blocks whose weight is a tensor of the checkpoint. */
final class QuantizableLayers {
    /** The class scores stay in floating point: the layer is small, and the ranking depends on it. */
    private static final String HEAD = "head.";

    private final List<Layer> layers = new ArrayList<>();
    private final Map<Node, List<Layer>> byInput = new LinkedHashMap<>();
    private final Map<Node, List<Layer>> smoothable = new LinkedHashMap<>();

    /**
     * A linear layer.
     *
     * @param weight the name of its weight
     * @param input its input
     * @param multiplyAccumulates its cost for one sample
     */
    record Layer(String weight, Node input, long multiplyAccumulates) {}

    QuantizableLayers(Graph graph) {
        Map<Node, List<Node>> readers = new HashMap<>();
        graph.nodes()
                .forEach(node -> node.inputs()
                        .forEach(source -> readers.computeIfAbsent(source, unread -> new ArrayList<>())
                                .add(node)));
        Set<Node> quantized = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (isQuantizable(node, readers)) {
                Layer layer = new Layer(
                        node.inputs().get(1).name(),
                        node.inputs().get(0),
                        node.op().multiplyAccumulates(node.inputShapes(), node.shape()));
                layers.add(layer);
                quantized.add(node);
                byInput.computeIfAbsent(layer.input(), first -> new ArrayList<>())
                        .add(layer);
            }
        }
        byInput.forEach((input, readingLayers) -> {
            boolean isNorm = input.op() instanceof Op.LayerNorm
                    && input.inputs().get(1).op() instanceof Op.Parameter
                    && input.inputs().get(2).op() instanceof Op.Parameter;
            boolean isPrivate = quantized.containsAll(readers.getOrDefault(input, List.of()))
                    && !graph.outputs().containsValue(input);
            if (isNorm && isPrivate) {
                smoothable.put(input, readingLayers);
            }
        });
    }

    private static boolean isQuantizable(Node node, Map<Node, List<Node>> readers) {
        if (!(node.op() instanceof Op.Linear)) {
            return false;
        }
        Node weight = node.inputs().get(1);
        Node input = node.inputs().get(0);
        boolean isComputed = !(input.op() instanceof Op.Input) && !(input.op() instanceof Op.Parameter);
        return isComputed
                && weight.op() instanceof Op.Parameter
                && weight.name().endsWith(".weight")
                && !weight.name().startsWith(HEAD)
                && readers.getOrDefault(weight, List.of()).size() == 1;
    }

    List<Layer> layers() {
        return layers;
    }

    /** Returns the layers by their input; all layers with the same input share its scale. */
    Map<Node, List<Layer>> byInput() {
        return byInput;
    }

    /** Returns the layers by the norm that they read, if the norm's scale can absorb a part of the activations' range. */
    Map<Node, List<Layer>> smoothable() {
        return smoothable;
    }
}
