package io.github.hiera4j.bench;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A case to measure: the forward pass of a graph to all its outputs, with one batch size, on one backend.
 *
 * @param model the name to report
 * @param graph the graph to compute; its inputs are pixels
 * @param hiera the encoder, if the graph is that of Hiera: int8 needs it, and a profile names its stages
 * @param backend the backend
 * @param options element type and threads
 * @param batch samples per run
 */
public record BenchmarkCase(
        String model, Graph graph, Optional<HieraConfig> hiera, Backend backend, CompileOptions options, int batch) {
    /**
     * Checks the values.
     *
     * @param model the name to report
     * @param graph the graph to compute
     * @param hiera the encoder, if the graph is that of Hiera
     * @param backend the backend
     * @param options element type and threads
     * @param batch samples per run
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public BenchmarkCase {
        check(batch >= 1 && batch <= 4096, "a batch must hold 1 to 4096 samples, got %d", batch);
    }

    /**
     * {@return the forward pass of a model to its scores, or to its embedding if it has no head; for a masked autoencoder, that of its
     * encoder without a mask}
     *
     * @param model the name to report
     * @param config the settings of the model
     * @param backend the backend
     * @param options precision, device and threads
     * @param batch samples, 1 or more
     */
    public static BenchmarkCase of(
            String model, ModelConfig config, Backend backend, CompileOptions options, int batch) {
        check(!(config instanceof LadderMae), "%s is an autoencoder of the ladder: measure its classifier", model);
        if (config instanceof BaselineModel baseline) {
            return of(model, baseline.inferenceGraph().select(Hiera.LOGITS), backend, options, batch);
        }
        HieraConfig encoder = config.encoder();
        if (config instanceof MaeConfig) {
            encoder = encoder.toBuilder().numClasses(0).build();
        }
        String output = encoder.numClasses() > 0 ? Hiera.LOGITS : Hiera.EMBEDDING;
        Graph graph = new Hiera(encoder).inferenceGraph().select(output);
        return new BenchmarkCase(model, graph, Optional.of(encoder), backend, options, batch);
    }

    /**
     * {@return the forward pass of any graph whose inputs are pixels}
     *
     * @param model the name to report
     * @param graph the graph, all of whose outputs are computed
     * @param backend the backend
     * @param options precision, device and threads
     * @param batch samples, 1 or more
     */
    public static BenchmarkCase of(String model, Graph graph, Backend backend, CompileOptions options, int batch) {
        return new BenchmarkCase(model, graph, Optional.empty(), backend, options, batch);
    }

    List<String> outputs() {
        return List.copyOf(graph.outputs().keySet());
    }

    /** Returns generated pixels; their values do not affect the time. */
    Map<String, HostTensor> feeds() {
        Map<String, HostTensor> feeds = new LinkedHashMap<>();
        graph.inputs()
                .forEach((name, node) ->
                        feeds.put(name, FormulaWeights.tensor(name, node.shape().withBatch(batch))));
        return feeds;
    }

    /** Returns the floating-point operations of one run in matrix products and convolutions; a multiply–accumulate is two. */
    double operations() {
        return 2.0 * ModelCost.of(graph).multiplyAccumulates() * batch;
    }
}
