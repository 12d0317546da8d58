package io.github.hiera4j.bench;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;

/**
 * One thing to measure: a model's forward pass to its scores (to its embedding, without a head), at one batch size, on one
 * backend.
 *
 * @param model the name to report
 * @param config the encoder
 * @param backend who computes
 * @param options element type and threads
 * @param batch samples of a run
 */
public record BenchmarkCase(String model, HieraConfig config, Backend backend, CompileOptions options, int batch) {
    /**
     * Checks the values.
     *
     * @param model the name to report
     * @param config the encoder
     * @param backend who computes
     * @param options element type and threads
     * @param batch samples of a run
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public BenchmarkCase {
        check(batch >= 1 && batch <= 4096, "a batch must hold 1 to 4096 samples, got %d", batch);
    }

    /**
     * {@return the encoder of a model; a masked autoencoder is measured by its encoder without a mask}
     *
     * @param model the name of a published model
     * @param config the settings of the model
     * @param backend the backend
     * @param options precision, device and threads
     * @param batch samples, 1 or more
     */
    public static BenchmarkCase of(
            String model, ModelConfig config, Backend backend, CompileOptions options, int batch) {
        HieraConfig encoder = config.encoder();
        if (config instanceof MaeConfig) {
            encoder = encoder.toBuilder().numClasses(0).build();
        }
        return new BenchmarkCase(model, encoder, backend, options, batch);
    }

    Graph graph() {
        return new Hiera(config).inferenceGraph().select(outputs());
    }

    List<String> outputs() {
        return List.of(config.numClasses() > 0 ? Hiera.LOGITS : Hiera.EMBEDDING);
    }

    /** Pixels of a formula; their values do not change the time. */
    Map<String, HostTensor> feeds() {
        Node input = graph().inputs().values().iterator().next();
        Shape shape = input.shape().withBatch(batch);
        return Map.of(HieraEncoder.INPUT, FormulaWeights.tensor(HieraEncoder.INPUT, shape));
    }

    /** Floating-point operations of one run in matrix products and convolutions; a multiply–accumulate is two. */
    double operations() {
        long perSample = graph().nodes().stream()
                .mapToLong(node -> node.op().multiplyAccumulates(node.inputShapes(), node.shape()))
                .sum();
        return 2.0 * perSample * batch;
    }
}
