package io.github.hiera4j.model.graph;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network: nodes in topological order and named outputs. Immutable.
 *
 * <p>All consumers use the same description: backends run it; costs and summaries are derived from it.
 */
public final class Graph {
    private final List<Node> nodes;
    private final Map<String, Node> outputs;

    Graph(List<Node> nodes, Map<String, Node> outputs) {
        this.nodes = List.copyOf(nodes);
        this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /** {@return every node, each after the nodes it reads} */
    public List<Node> nodes() {
        return nodes;
    }

    /** {@return the named results, in the order in which they were declared} */
    public Map<String, Node> outputs() {
        return outputs;
    }

    /**
     * {@return the node of a named result; throws a {@code HieraException} that lists the existing names if there is none}
     *
     * @param name the name
     */
    public Node output(String name) {
        Node node = outputs.get(name);
        check(node != null, "the graph has no output '%s': it has %s", name, outputs.keySet());
        return java.util.Objects.requireNonNull(node);
    }

    /** {@return the inputs by name} */
    public Map<String, Node> inputs() {
        Map<String, Node> inputs = new LinkedHashMap<>();
        nodes.stream().filter(node -> node.op() instanceof Op.Input).forEach(node -> inputs.put(node.name(), node));
        return inputs;
    }

    /** {@return the weights' official names and shapes, in the order of their first use} */
    public Map<String, Shape> parameters() {
        Map<String, Shape> parameters = new LinkedHashMap<>();
        nodes.stream()
                .filter(node -> node.op() instanceof Op.Parameter)
                .forEach(node -> parameters.put(node.name(), node.shape()));
        return parameters;
    }

    /**
     * {@return the same network with only these outputs and the nodes that they need}
     *
     * @param names names of outputs
     */
    public Graph select(String... names) {
        return select(Arrays.asList(names));
    }

    /**
     * {@return the same network with only these outputs and the nodes that they need}
     *
     * @param names names of outputs
     */
    public Graph select(List<String> names) {
        Map<String, Node> selected = new LinkedHashMap<>();
        names.forEach(name -> selected.put(name, output(name)));
        return new Graph(needed(selected.values()), selected);
    }

    /**
     * {@return the same network with the tensors of some nodes as additional outputs, under the nodes' names}
     *
     * @param nodeNames names of computed nodes, for example {@code blocks.3.attn.qkv}
     */
    public Graph exposing(List<String> nodeNames) {
        Map<String, Node> byName = new HashMap<>();
        nodes.forEach(node -> byName.put(node.name(), node));
        Map<String, Node> further = new LinkedHashMap<>(outputs);
        for (String name : nodeNames) {
            Node node = byName.get(name);
            check(node != null && isIntermediate(node), "the graph computes no node '%s'", name);
            further.put(name, java.util.Objects.requireNonNull(node));
        }
        return new Graph(nodes, further);
    }

    /**
     * {@return the same network with the symbolic batch replaced by a number, so that every shape is known}
     *
     * @param batch samples, 1 or more
     */
    public Graph withBatch(int batch) {
        check(batch >= 1, "a batch must have at least 1 sample, got %d", batch);
        Map<Node, Node> copies = new HashMap<>();
        List<Node> concrete = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            List<Node> sources = node.inputs().stream().map(copies::get).toList();
            Op op = node.op() instanceof Op.Reshape reshape
                    ? new Op.Reshape(reshape.shape().withBatch(batch))
                    : node.op();
            Node copy =
                    new Node(node.id(), node.name(), op, sources, node.shape().withBatch(batch));
            copies.put(node, copy);
            concrete.add(copy);
        }
        Map<String, Node> results = new LinkedHashMap<>();
        outputs.forEach((name, node) -> results.put(name, java.util.Objects.requireNonNull(copies.get(node))));
        return new Graph(concrete, results);
    }

    /** Receives each node's tensor after it is computed, before it is released: for profiling and for finding the first difference. */
    @FunctionalInterface
    public interface Observer<T> {
        /**
         * Called after a node has been computed.
         *
         * @param node the node
         * @param tensor its result, which is valid during the call
         */
        void made(Node node, T tensor);
    }

    /**
     * Runs the graph, like {@link #execute(Kernels, Function, Map, Observer)} without an observer.
     *
     * @param <T> the backend's tensors
     * @param kernels the operations of a backend
     * @param parameters returns a parameter by its official name
     * @param feeds the inputs by name
     * @return the outputs by name
     */
    public <T> Map<String, T> execute(Kernels<T> kernels, Function<String, T> parameters, Map<String, T> feeds) {
        return execute(kernels, parameters, feeds, null);
    }

    /**
     * Computes the nodes in order and returns the named outputs.
     *
     * <p>Every intermediate tensor is released after its last use; feeds, parameters and outputs are the caller's.
     *
     * @param <T> the backend's tensors
     * @param kernels the operations of a backend
     * @param parameters returns the tensor of an official parameter name
     * @param feeds the tensor of every input, by name
     * @param observer receives every node's tensor as soon as it is computed; null for none
     * @return the outputs by name
     */
    public <T> Map<String, T> execute(
            Kernels<T> kernels, Function<String, T> parameters, Map<String, T> feeds, @Nullable Observer<T> observer) {
        return execute(kernels, parameters, feeds, null, observer);
    }

    /** Provides the inputs that depend on outputs of the same pass, such as boxes that the network itself proposes. */
    @FunctionalInterface
    public interface LaterFeeds<T> {
        /**
         * {@return the tensors of all inputs that were not fed, by name}
         *
         * @param outputs returns an output by name; it must be computed by nodes before the first of these inputs
         */
        Map<String, T> feeds(Function<String, T> outputs);
    }

    /**
     * Computes the nodes like {@link #execute(Kernels, Function, Map, Observer)}, and requests the remaining inputs at the first one that
     * was not fed.
     *
     * @param <T> the backend's tensors
     * @param kernels the operations of a backend
     * @param parameters returns a parameter by its official name
     * @param given the inputs by name, as far as they are known at the start
     * @param later provides the inputs that depend on outputs; null for none
     * @param observer receives every node's tensor as soon as it is computed; null for none
     * @return the outputs by name
     */
    public <T> Map<String, T> execute(
            Kernels<T> kernels,
            Function<String, T> parameters,
            Map<String, T> given,
            @Nullable LaterFeeds<T> later,
            @Nullable Observer<T> observer) {
        Map<Node, Integer> remainingUses = countUses();
        Map<Node, T> tensors = new HashMap<>();
        Map<String, T> feeds = given;
        for (Node node : nodes) {
            if (later != null && node.op() instanceof Op.Input && !feeds.containsKey(node.name())) {
                feeds = new HashMap<>(feeds);
                feeds.putAll(later.feeds(name -> computed(tensors, name)));
            }
            T tensor = make(node, kernels, parameters, feeds, tensors);
            tensors.put(node, tensor);
            if (observer != null) {
                observer.made(node, tensor);
            }
            for (Node source : node.inputs()) {
                int left = remainingUses.merge(source, -1, Integer::sum);
                if (left == 0 && isIntermediate(source)) {
                    kernels.release(java.util.Objects.requireNonNull(tensors.remove(source)));
                }
            }
        }
        Map<String, T> results = new LinkedHashMap<>();
        outputs.forEach((name, node) -> results.put(name, java.util.Objects.requireNonNull(tensors.get(node))));
        return results;
    }

    private <T> T computed(Map<Node, T> tensors, String output) {
        T tensor = tensors.get(output(output));
        check(tensor != null, "the output '%s' is not computed before the inputs that depend on it", output);
        return java.util.Objects.requireNonNull(tensor);
    }

    private static <T> T make(
            Node node, Kernels<T> kernels, Function<String, T> parameters, Map<String, T> feeds, Map<Node, T> tensors) {
        if (node.op() instanceof Op.Parameter) {
            return parameters.apply(node.name());
        }
        if (node.op() instanceof Op.Input) {
            T fed = feeds.get(node.name());
            check(fed != null, "the graph's input '%s' %s was not fed", node.name(), node.shape());
            return java.util.Objects.requireNonNull(fed);
        }
        List<T> arguments = new ArrayList<>(node.inputs().size());
        node.inputs().forEach(source -> arguments.add(java.util.Objects.requireNonNull(tensors.get(source))));
        return node.op().run(kernels, arguments);
    }

    private static boolean isIntermediate(Node node) {
        return !(node.op() instanceof Op.Parameter || node.op() instanceof Op.Input);
    }

    /** Counts how often each node is read; an output counts once more, so that it is never released. */
    private Map<Node, Integer> countUses() {
        Map<Node, Integer> uses = new HashMap<>();
        nodes.forEach(node -> node.inputs().forEach(source -> uses.merge(source, 1, Integer::sum)));
        outputs.values().forEach(node -> uses.merge(node, 1, Integer::sum));
        return uses;
    }

    private static List<Node> needed(Iterable<Node> roots) {
        TreeMap<Integer, Node> found = new TreeMap<>();
        Deque<Node> open = new ArrayDeque<>();
        roots.forEach(open::push);
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (found.put(node.id(), node) == null) {
                node.inputs().forEach(open::push);
            }
        }
        return List.copyOf(found.values());
    }
}
