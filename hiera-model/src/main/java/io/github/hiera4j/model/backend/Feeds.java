package io.github.hiera4j.model.backend;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Validates a graph's inputs before they reach native code. */
public final class Feeds {
    private Feeds() {}

    /**
     * Checks that every input of the graph is fed with the right element type and shape, that all share one batch size, and
     * that indices are in range.
     *
     * @param graph the network
     * @param feeds the tensors by input name
     * @return the batch size
     */
    public static int validate(Graph graph, Map<String, HostTensor> feeds) {
        return validate(graph, graph.inputs().keySet(), feeds, false);
    }

    /**
     * Checks some of a graph's inputs.
     *
     * @param graph the network
     * @param names the inputs to check
     * @param feeds the tensors by input name
     * @param anyFloat whether float64 is accepted in place of float32
     * @return the batch size
     */
    public static int validate(Graph graph, Set<String> names, Map<String, HostTensor> feeds, boolean anyFloat) {
        int batch = 0;
        for (Map.Entry<String, Node> input : graph.inputs().entrySet()) {
            if (!names.contains(input.getKey())) {
                continue;
            }
            Node node = input.getValue();
            HostTensor fed = checkOne(node, feeds.get(input.getKey()), anyFloat);
            if (node.shape().isSymbolic()) {
                int size = fed.shape().size(0);
                check(
                        size >= 1 && (batch == 0 || batch == size),
                        "input '%s' has a batch of %d, others have %d",
                        node.name(),
                        size,
                        batch);
                batch = size;
            }
        }
        checkIndices(graph, names, feeds);
        return Math.max(batch, 1);
    }

    private static HostTensor checkOne(Node node, @Nullable HostTensor fed, boolean anyFloat) {
        check(fed != null, "input '%s' %s was not fed", node.name(), node.shape());
        HostTensor tensor = Objects.requireNonNull(fed);
        DType expected = ((Op.Input) node.op()).dtype();
        boolean wide = anyFloat && expected == DType.FLOAT32 && tensor.dtype() == DType.FLOAT64;
        boolean ranksAgree = tensor.shape().rank() == node.shape().rank();
        check(
                (wide || tensor.dtype() == expected)
                        && ranksAgree
                        && node.shape().withBatch(tensor.shape().size(0)).equals(tensor.shape()),
                "input '%s' must be %s %s, got %s",
                node.name(),
                expected,
                node.shape(),
                tensor);
        return tensor;
    }

    private static void checkIndices(Graph graph, Set<String> names, Map<String, HostTensor> feeds) {
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Op.GatherTokens
                    && node.inputs().get(1).op() instanceof Op.Input
                    && names.contains(node.inputs().get(1).name())) {
                String name = node.inputs().get(1).name();
                int tokens = node.inputs().get(0).shape().size(1);
                HostTensor indices = Objects.requireNonNull(feeds.get(name));
                for (int i = 0; i < indices.elements(); i++) {
                    long index = indices.longs().get(i);
                    check(
                            index >= 0 && index < tokens,
                            "input '%s' contains the index %d, expected 0 to %d",
                            name,
                            index,
                            tokens - 1);
                }
            }
        }
    }
}
