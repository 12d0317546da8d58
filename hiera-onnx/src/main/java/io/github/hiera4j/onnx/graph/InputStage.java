package io.github.hiera4j.onnx.graph;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A stage that precedes a network: inputs that are easier to feed, and the nodes that compute the network's own inputs from them. */
public sealed interface InputStage permits PixelStage, MaskStage, PromptStage {
    /** {@return the network's inputs that this stage computes, so that they are no longer fed} */
    Set<String> provides();

    /**
     * {@return the inputs that it declares, in order}
     *
     * @param network the network
     */
    List<String> inputNames(Graph network);

    /**
     * Declares inputs and appends nodes.
     *
     * @param nodes where nodes are appended
     * @param inputs the shapes of the network's inputs that this stage computes, by name
     * @return the tensors, by the network's input names
     */
    Map<String, Tensor> build(InputNodes nodes, Map<String, Shape> inputs);
}
