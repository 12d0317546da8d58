package io.github.hiera4j.model.quantize;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.Node;
import io.github.hiera4j.model.quantize.QuantizableLayers.Layer;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.LinearQuantization;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Chooses the scales of a model's linear layers for int8: weights get one scale per output channel, activations one per tensor, from
 * their values on samples. The least accurate layers stay in floating point until the error is within its budget.
 */
public final class Quantizer {
    private final Graph graph;
    private final String output;
    private final WeightSource weights;
    private final Backend engine;
    private final CompileOptions options;
    private final QuantizationSettings settings;

    /**
     * A quantised model and how it was found.
     *
     * @param model weights and scales
     * @param quantized names of the weights that are computed in int8
     * @param kept names of the weights that stay in floating point to meet the budget, the least accurate first
     * @param relativeError relative L2 error of the model's output on the samples, compared with float32
     * @param share share of the multiply–accumulates in linear layers that is computed in int8
     * @param samples number of samples
     */
    public record Result(
            QuantizedModel model,
            List<String> quantized,
            List<String> kept,
            double relativeError,
            double share,
            int samples) {
        /**
         * Copies the layers.
         *
         * @param kept layers that stay in floating point
         * @param model the quantised model
         * @param quantized layers computed in int8
         * @param relativeError relative L2 error of the output on the samples
         * @param samples how many samples were used
         * @param share share of the multiply-accumulates in int8, 0 to 1
         */
        public Result {
            quantized = List.copyOf(quantized);
            kept = List.copyOf(kept);
        }

        /**
         * Returns this result; throws a {@code HieraException} unless its error is within the budget.
         *
         * @param settings the error budget, a relative L2 distance
         * @return this result
         */
        public Result requireWithin(QuantizationSettings settings) {
            check(
                    relativeError <= settings.errorBudget(),
                    "%s: in int8 the error of its outputs is %.3g, and keeping layers in floating point does not reduce it to the"
                            + " budget of %.3g; allow a larger error, or compute in float32",
                    model.description(),
                    relativeError,
                    settings.errorBudget());
            return this;
        }
    }

    /**
     * @param graph the encoder for inference, with one input
     * @param output the output whose error is measured
     * @param weights the weights in floating point
     * @param engine the engine, which computes in float32 and in int8
     * @param options device and threads; the element type is ignored
     * @param settings calibration, smoothing and the error budget
     */
    public Quantizer(
            Graph graph,
            String output,
            WeightSource weights,
            Backend engine,
            CompileOptions options,
            QuantizationSettings settings) {
        this.graph = graph.select(List.of(output));
        this.output = output;
        this.weights = weights;
        this.engine = engine;
        this.options = options;
        this.settings = settings;
    }

    /**
     * Measures activations and chooses scales.
     *
     * @param samples inputs {@code [1, C, (T,) H, W]}, normalised as the model expects; at least one
     * @return the result with the fewest layers in floating point whose error is within the budget; if there is none, the result
     * without such layers
     * @throws io.github.hiera4j.model.HieraException if the engine cannot compute in int8 here, or the model is quantised already
     */
    public Result quantize(List<HostTensor> samples) {
        check(!samples.isEmpty(), "quantising needs at least one sample, got none");
        QuantizableLayers layers = new QuantizableLayers(graph);
        check(!layers.layers().isEmpty(), "%s: has no linear layers that can be quantised", weights.description());
        check(
                layers.layers().stream()
                        .noneMatch(layer -> weights.quantization(layer.weight()).isPresent()),
                "%s: is quantised already; quantise the original model",
                weights.description());
        var support = engine.supports(options.withDtype(DType.INT8));
        check(support.usable(), "backend '%s' %s: int8 needs backend 'onednn'", engine.name(), support.detail());
        try (ActivationStatistics statistics = new ActivationStatistics(
                graph, weights, engine, options, samples, layers.byInput().keySet())) {
            List<HostTensor> expected = statistics.outputs(output);
            Candidate candidate = candidate(layers, statistics);
            return withinBudget(layers, candidate, samples, expected);
        }
    }

    /** The quantisation of all layers, and the noise that each adds to its own result. */
    private record Candidate(QuantizedModel model, Map<String, Double> noise) {}

    private Candidate candidate(QuantizableLayers layers, ActivationStatistics statistics) {
        Map<Node, float[]> divisors = settings.smoothing() == 0
                ? Map.of()
                : new Smoothing(weights, settings.smoothing()).divisors(layers, statistics.channelMaxima());
        Map<Node, ActivationRange> ranges = statistics.ranges(divisors);
        Map<String, QuantizedModel.Factors> rescaled = Smoothing.factors(layers, divisors);
        Map<String, LinearQuantization> scales = new LinkedHashMap<>();
        Map<String, Double> noise = new HashMap<>();
        layers.byInput().forEach((input, readers) -> {
            ActivationRange.Choice choice = settings.range().choose(Objects.requireNonNull(ranges.get(input)));
            for (Layer layer : readers) {
                HostTensor weight = weights.read(layer.weight()).to(DType.FLOAT32);
                QuantizedModel.Factors factors = rescaled.get(layer.weight());
                HostTensor scaled = factors == null ? weight : factors.applyTo(weight);
                LinearQuantization quantization = new LinearQuantization(
                        (float) choice.scale(), choice.zeroPoint(), LinearQuantization.weightScales(scaled));
                scales.put(layer.weight(), quantization);
                noise.put(layer.weight(), choice.noise() + weightNoise(scaled, quantization));
            }
        });
        return new Candidate(new QuantizedModel(weights, scales, rescaled), noise);
    }

    private static double weightNoise(HostTensor weight, LinearQuantization quantization) {
        HostTensor rounded = quantization.dequantize(quantization.quantize(weight));
        return Math.pow(relativeError(List.of(rounded), List.of(weight)), 2);
    }

    /** Finds by bisection the smallest number of the noisiest layers to keep in floating point for an error within the budget. */
    private Result withinBudget(
            QuantizableLayers layers, Candidate candidate, List<HostTensor> samples, List<HostTensor> expected) {
        List<String> noisiest = layers.layers().stream()
                .map(Layer::weight)
                .sorted(Comparator.comparingDouble(
                                (String weight) -> -candidate.noise().getOrDefault(weight, 0.0))
                        .thenComparing(weight -> weight))
                .toList();
        Result best = result(layers, candidate, Set.of(), samples, expected);
        int tooFew = 0;
        int enough = noisiest.size();
        if (best.relativeError() <= settings.errorBudget()) {
            return best;
        }
        while (enough - tooFew > 1) {
            int middle = (tooFew + enough) / 2;
            Result tried =
                    result(layers, candidate, new LinkedHashSet<>(noisiest.subList(0, middle)), samples, expected);
            if (tried.relativeError() <= settings.errorBudget()) {
                enough = middle;
                best = tried;
            } else {
                tooFew = middle;
            }
        }
        return best;
    }

    private Result result(
            QuantizableLayers layers,
            Candidate candidate,
            Set<String> kept,
            List<HostTensor> samples,
            List<HostTensor> expected) {
        QuantizedModel model = candidate.model().without(weights, kept);
        String input = graph.inputs().keySet().iterator().next();
        try (Session session = engine.compile(graph, model, options.withDtype(DType.INT8))) {
            double error = relativeError(ActivationStatistics.outputs(session, input, samples, output), expected);
            List<String> quantized = new ArrayList<>();
            long integers = 0;
            long all = 0;
            for (Layer layer : layers.layers()) {
                all += layer.multiplyAccumulates();
                if (!kept.contains(layer.weight())) {
                    quantized.add(layer.weight());
                    integers += layer.multiplyAccumulates();
                }
            }
            return new Result(model, quantized, List.copyOf(kept), error, (double) integers / all, samples.size());
        }
    }

    private static double relativeError(List<HostTensor> actual, List<HostTensor> expected) {
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < actual.size(); i++) {
            var left = actual.get(i).floats();
            var right = expected.get(i).floats();
            for (int j = 0; j < left.limit(); j++) {
                difference += Math.pow(left.get(j) - right.get(j), 2);
                reference += Math.pow(right.get(j), 2);
            }
        }
        return reference == 0 ? Math.sqrt(difference) : Math.sqrt(difference / reference);
    }
}
