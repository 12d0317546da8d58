package io.github.hiera4j.model.quantize;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.Locale;
import java.util.Optional;

/**
 * The weights of a model in the form that an engine needs for int8.
 *
 * @param weights the weights with scales
 * @param calibrated how the scales were found; empty if they are in the file
 */
public record Int8Weights(WeightSource weights, Optional<Quantizer.Result> calibrated) {
    /**
     * Returns the weights themselves if they are quantised; otherwise finds scales on {@link SyntheticSamples}, which takes some seconds.
     *
     * @param graph the encoder for inference at the size it was trained at
     * @param config the configuration of the model
     * @param weights the weights under official names
     * @param settings the settings for weights that are not quantised yet
     * @param engine the engine for the calibration and later for the model
     * @param options device and threads of the calibration
     * @return weights with a scale for each layer that is computed in int8
     */
    public static Int8Weights of(
            Graph graph,
            HieraConfig config,
            WeightSource weights,
            Backend engine,
            CompileOptions options,
            QuantizationSettings settings) {
        if (isQuantized(graph, weights)) {
            return new Int8Weights(weights, Optional.empty());
        }
        Quantizer quantizer = new Quantizer(graph, output(graph), weights, engine, options, settings);
        Quantizer.Result result = quantizer.quantize(SyntheticSamples.of(config, SyntheticSamples.COUNT));
        return new Int8Weights(result.model(), Optional.of(result));
    }

    /**
     * Returns whether a source has scales for a layer of a graph.
     *
     * @param graph the encoder for inference
     * @param weights the weights under official names
     * @return true if at least one linear layer has scales
     */
    public static boolean isQuantized(Graph graph, WeightSource weights) {
        return graph.nodes().stream()
                .map(Node::name)
                .anyMatch(name -> weights.quantization(name).isPresent());
    }

    /**
     * Returns the output whose error is measured: the scores, or the embedding of a model without a head.
     *
     * @param graph the encoder for inference
     * @return the name of the output
     */
    public static String output(Graph graph) {
        return graph.outputs().containsKey(Hiera.LOGITS) ? Hiera.LOGITS : Hiera.EMBEDDING;
    }

    /**
     * Returns the origin of the scales in one line.
     *
     * @return readable text without a full stop
     */
    public String description() {
        if (calibrated.isEmpty()) {
            return "int8: scales from the file";
        }
        Quantizer.Result result = calibrated.get();
        String kept = result.kept().isEmpty() ? "" : ", " + result.kept().size() + " layers left in floating point";
        return String.format(
                Locale.ROOT,
                "int8: calibrated on %d built-in synthetic samples, relative error of the outputs %.3f%s; hiera quantize"
                        + " --calibrate uses your own files",
                result.samples(),
                result.relativeError(),
                kept);
    }
}
