package io.github.hiera4j.onnx;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.onnx.graph.InputStage;
import java.util.List;
import java.util.Map;

/**
 * A graph to be written.
 *
 * @param name what the model is called in the file
 * @param graph the network with the outputs that are wanted, its batch symbolic
 * @param stages what stands before it
 * @param outputNames names of outputs in the file, where they differ from the graph's
 */
public record OnnxGraph(String name, Graph graph, List<InputStage> stages, Map<String, String> outputNames) {
    public OnnxGraph {
        stages = List.copyOf(stages);
        outputNames = Map.copyOf(outputNames);
    }

    /** A network as it is. */
    public OnnxGraph(String name, Graph graph) {
        this(name, graph, List.of(), Map.of());
    }
}
