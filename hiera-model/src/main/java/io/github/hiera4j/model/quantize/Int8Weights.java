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
 * A model's weights as an engine needs them for int8.
 *
 * @param weights with scales
 * @param calibrated how the scales were found; empty where the file has them
 */
public record Int8Weights(WeightSource weights, Optional<Quantizer.Result> calibrated) {
    /**
     * The weights themselves where they are quantised; else with scales found on {@link SyntheticSamples}, which takes some seconds.
     *
     * @param graph the encoder for inference at the size it was trained at
     * @param config the model of that graph
     * @param weights under official names
     * @param settings for weights that are not quantised yet
     * @param engine computes the calibration, and later the model
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
     * Whether a source has scales for a layer of a graph.
     *
     * @param graph the encoder for inference
     * @param weights under official names
     * @return true if at least one linear layer has scales
     */
    public static boolean isQuantized(Graph graph, WeightSource weights) {
        return graph.nodes().stream()
                .map(Node::name)
                .anyMatch(name -> weights.quantization(name).isPresent());
    }

    /**
     * The output whose error counts: the scores, or the embedding of a model without a head.
     *
     * @param graph the encoder for inference
     * @return the name of the output
     */
    public static String output(Graph graph) {
        return graph.outputs().containsKey(Hiera.LOGITS) ? Hiera.LOGITS : Hiera.EMBEDDING;
    }

    /**
     * In one line, where the scales come from.
     *
     * @return a sentence without a full stop, for people
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
                        + " --calibrate uses files of your own",
                result.samples(),
                result.relativeError(),
                kept);
    }
}
