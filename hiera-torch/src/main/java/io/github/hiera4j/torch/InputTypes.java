package io.github.hiera4j.torch;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.tensor.DType;
import java.util.Objects;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The element types in which a graph reads its inputs: that of the run, except for indices, which stay integers, and boxes. Boxes are in
 * pixels; bfloat16 has no fractions above 128 and only even numbers above 256. They keep at least float32.
 */
public final class InputTypes {
    private InputTypes() {}

    /**
     * {@return the element type of an input}
     *
     * @param graph the graph
     * @param name the input's name
     * @param ofRun the element type of the activations
     */
    public static ScalarType of(Graph graph, String name, ScalarType ofRun) {
        Node input = Objects.requireNonNull(graph.inputs().get(name));
        if (((Op.Input) input.op()).dtype() == DType.INT64) {
            return ScalarType.Long;
        }
        return areBoxes(graph, input) && ofRun.intern() != ScalarType.Double ? ScalarType.Float : ofRun;
    }

    private static boolean areBoxes(Graph graph, Node input) {
        return graph.nodes().stream()
                .filter(node -> node.op() instanceof Op.RoiAlign)
                .anyMatch(node -> node.inputs().get(node.inputs().size() - 1).id() == input.id());
    }
}
