package io.github.hiera4j.onnx;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.onnx.graph.InputStage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph to be exported.
 *
 * @param name the name of the model in the file
 * @param graph the network with the requested outputs and a symbolic batch
 * @param stages the stages that precede the network
 * @param outputNames names of outputs in the file, if they differ from those of the graph
 */
public record OnnxGraph(String name, Graph graph, List<InputStage> stages, Map<String, String> outputNames) {
    /**
     * Copies the collections.
     *
     * @param name the name of the model in the file
     * @param graph the network with the requested outputs and a symbolic batch
     * @param stages the stages that precede the network
     * @param outputNames names of outputs in the file, if they differ from those of the graph
     */
    public OnnxGraph {
        stages = List.copyOf(stages);
        outputNames = Map.copyOf(outputNames);
    }

    /** {@return the inputs of the file, in its order} */
    public List<String> inputNames() {
        List<String> names = new ArrayList<>();
        Set<String> made = new HashSet<>();
        for (InputStage stage : stages) {
            names.addAll(stage.inputNames(graph));
            made.addAll(stage.provides());
        }
        graph.inputs().keySet().stream().filter(name -> !made.contains(name)).forEach(names::add);
        return names;
    }

    /** {@return the outputs of the file, in its order} */
    public List<String> outputsInFile() {
        return graph.outputs().keySet().stream()
                .map(name -> outputNames.getOrDefault(name, name))
                .toList();
    }

    /**
     * A network without preceding stages.
     *
     * @param name the name of the graph in the file
     * @param graph the network
     */
    public OnnxGraph(String name, Graph graph) {
        this(name, graph, List.of(), Map.of());
    }
}
