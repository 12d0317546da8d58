package io.github.hiera4j.torch.train;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Kernels;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A segment of a graph that gradient checkpointing runs twice: one transformer block, or the nodes between two blocks.
 *
 * @param nodes in topological order, without parameters and inputs
 * @param reads nodes of earlier segments whose tensors this one needs
 * @param leaves nodes whose tensors later segments or the caller need
 */
record GraphSegment(List<Node> nodes, Set<Node> reads, Set<Node> leaves) {
    private static final Pattern BLOCK = Pattern.compile("((?:.*\\.)?(?:decoder_)?blocks\\.\\d+)\\..*");

    /** Cuts a graph at its blocks, and before an input between other nodes, because it may be computed from them. */
    static List<GraphSegment> of(Graph graph) {
        List<List<Node>> stretches = new ArrayList<>();
        String current = null;
        for (Node node : graph.nodes()) {
            if (isGiven(node)) {
                current = node.op() instanceof Op.Input ? null : current;
                continue;
            }
            Matcher block = BLOCK.matcher(node.name());
            String key = block.matches() ? block.group(1) : "";
            if (!key.equals(current)) {
                stretches.add(new ArrayList<>());
                current = key;
            }
            stretches.get(stretches.size() - 1).add(node);
        }
        return connect(stretches, new HashSet<>(graph.outputs().values()));
    }

    private static List<GraphSegment> connect(List<List<Node>> stretches, Set<Node> outputs) {
        List<GraphSegment> segments = new ArrayList<>();
        Set<Node> neededLater = new HashSet<>(outputs);
        for (int i = stretches.size() - 1; i >= 0; i--) {
            Set<Node> inside = new HashSet<>(stretches.get(i));
            Set<Node> leaves = new LinkedHashSet<>(stretches.get(i));
            leaves.retainAll(neededLater);
            Set<Node> reads = new LinkedHashSet<>();
            for (Node node : stretches.get(i)) {
                node.inputs().stream()
                        .filter(source -> !isGiven(source) && !inside.contains(source))
                        .forEach(reads::add);
            }
            neededLater.addAll(reads);
            segments.add(0, new GraphSegment(List.copyOf(stretches.get(i)), reads, leaves));
        }
        return List.copyOf(segments);
    }

    private static boolean isGiven(Node node) {
        return node.op() instanceof Op.Parameter || node.op() instanceof Op.Input;
    }

    /** Returns whether the segment reads an input whose name satisfies a predicate. */
    boolean readsInputs(Predicate<String> test) {
        return nodes.stream()
                .flatMap(node -> node.inputs().stream())
                .anyMatch(source -> source.op() instanceof Op.Input && test.test(source.name()));
    }

    /**
     * Runs the segment.
     *
     * @param given returns the tensor of a parameter or input
     * @param boundary tensors of {@link #reads}
     * @return tensors of {@link #leaves}; all other new tensors are released
     */
    <T> Map<Node, T> run(Kernels<T> kernels, Function<Node, T> given, Map<Node, T> boundary) {
        Map<Node, Integer> uses = new HashMap<>();
        nodes.forEach(node -> node.inputs().forEach(source -> uses.merge(source, 1, Integer::sum)));
        leaves.forEach(node -> uses.merge(node, 1, Integer::sum));
        Map<Node, T> tensors = new HashMap<>();
        for (Node node : nodes) {
            List<T> arguments = new ArrayList<>();
            for (Node source : node.inputs()) {
                T made = isGiven(source) ? given.apply(source) : tensors.get(source);
                arguments.add(made != null ? made : Objects.requireNonNull(boundary.get(source)));
            }
            tensors.put(node, node.op().run(kernels, arguments));
            for (Node source : node.inputs()) {
                if (uses.merge(source, -1, Integer::sum) == 0 && tensors.containsKey(source)) {
                    kernels.release(Objects.requireNonNull(tensors.remove(source)));
                }
            }
        }
        tensors.keySet().retainAll(leaves);
        return tensors;
    }
}
