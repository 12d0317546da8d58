package io.github.hiera4j.model.cost;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The costs of a network for one sample, by part, in the order of the network.
 *
 * @param layers the parts
 * @param peakActivationBytes the maximum number of float32 bytes alive at once if tensors are released after their last use
 */
public record ModelCost(List<LayerCost> layers, long peakActivationBytes) {
    /** Name components that are followed by a number; the two together name a part. */
    private static final Set<String> NUMBERED =
            Set.of("blocks", "decoder_blocks", "multi_scale_fusion_heads", "layers");

    /** Name components of parts that have parts themselves. */
    private static final Set<String> NESTED = Set.of("image_encoder", "trunk", "sam_mask_decoder", "transformer");

    /**
     * Copies the collections.
     *
     * @param layers the parts
     * @param peakActivationBytes the maximum number of float32 bytes alive at once if tensors are released after their last use
     */
    public ModelCost {
        layers = List.copyOf(layers);
    }

    /**
     * {@return the cost of a network}
     *
     * @param graph the network
     */
    public static ModelCost of(Graph graph) {
        Map<String, LayerCost> parts = new LinkedHashMap<>();
        Set<Node> perSample = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.Input || node.inputs().stream().anyMatch(perSample::contains)) {
                perSample.add(node);
            }
            parts.merge(part(node), costOf(node, perSample.contains(node)), LayerCost::plus);
        }
        return new ModelCost(new ArrayList<>(parts.values()), peak(graph));
    }

    /** {@return the number of elements of all parameters} */
    public long parameters() {
        return layers.stream().mapToLong(LayerCost::parameters).sum();
    }

    /** {@return multiply–accumulate operations for one sample} */
    public long multiplyAccumulates() {
        return layers.stream().mapToLong(LayerCost::multiplyAccumulates).sum();
    }

    /** {@return bytes of all activations in float32, for one sample} */
    public long activationBytes() {
        return layers.stream().mapToLong(LayerCost::activationBytes).sum();
    }

    /** @param isPerSample whether the tensor depends on an input; others are computed once from the weights */
    private static LayerCost costOf(Node node, boolean isPerSample) {
        return new LayerCost(
                part(node),
                node.shape(),
                node.op() instanceof Op.Parameter ? node.shape().elements() : 0,
                isPerSample ? node.op().multiplyAccumulates(node.inputShapes(), node.shape()) : 0,
                bytes(node));
    }

    /** Returns the float32 bytes of a node's own memory, which is 0 for views, weights and inputs. */
    private static long bytes(Node node) {
        boolean ownMemory = !(node.op() instanceof Op.Reshape
                || node.op() instanceof Op.Slice
                || node.op() instanceof Op.Parameter
                || node.op() instanceof Op.Input);
        return ownMemory ? node.shape().elements() * DType.FLOAT32.bytes() : 0;
    }

    /** Returns the part of a node: the prefixes of nested parts, then one component, with its number if it is numbered. */
    private static String part(Node node) {
        String[] components = node.name().split("\\.", -1);
        int depth = 0;
        while (NESTED.contains(components[depth]) && depth < components.length - 2) {
            depth++;
        }
        int length = NUMBERED.contains(components[depth]) ? depth + 2 : depth + 1;
        return String.join(".", List.of(components).subList(0, Math.min(length, components.length)));
    }

    private static long peak(Graph graph) {
        Map<Node, Integer> uses = new HashMap<>();
        graph.nodes().forEach(node -> node.inputs().forEach(source -> uses.merge(source, 1, Integer::sum)));
        graph.outputs().values().forEach(node -> uses.merge(node, 1, Integer::sum));
        long alive = 0;
        long peak = 0;
        for (Node node : graph.nodes()) {
            alive += bytes(node);
            peak = Math.max(peak, alive);
            for (Node source : node.inputs()) {
                if (uses.merge(source, -1, Integer::sum) == 0) {
                    alive -= bytes(source);
                }
            }
        }
        return peak;
    }
}
