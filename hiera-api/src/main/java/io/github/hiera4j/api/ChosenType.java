package io.github.hiera4j.api;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.List;

/**
 * The engine that runs a model, the element type, and the weights as that type needs them.
 *
 * @param notes what a caller should know about the choice, one line each
 */
record ChosenType(Backend engine, CompileOptions compile, WeightSource weights, List<String> notes) {
    /** Less than this share of a model's products in int8 gains too little. */
    private static final double WORTHWHILE = 0.5;

    /**
     * @param graph the encoder at that size
     * @param trained the model at the size it was trained at
     * @param weights under official names
     */
    static ChosenType of(Graph graph, HieraConfig trained, WeightSource weights, LoadOptions options) {
        return options.fastestType().isPresent()
                ? fastest(
                        graph, trained, weights, options, options.fastestType().getAsDouble())
                : asAsked(graph, trained, weights, options);
    }

    private static ChosenType asAsked(Graph graph, HieraConfig trained, WeightSource weights, LoadOptions options) {
        CompileOptions compile = options.compile();
        Backend engine = engine(options, compile);
        if (compile.dtype() != DType.INT8) {
            return new ChosenType(engine, compile, weights, List.of());
        }
        Int8Weights int8 = Int8Weights.of(
                graph, trained, new FiniteWeights(weights), engine, compile, QuantizationSettings.DEFAULT);
        int8.calibrated().ifPresent(result -> result.requireWithin(QuantizationSettings.DEFAULT));
        return new ChosenType(engine, compile, int8.weights(), List.of(int8.description()));
    }

    private static ChosenType fastest(
            Graph graph, HieraConfig trained, WeightSource weights, LoadOptions options, double budget) {
        CompileOptions exact = options.compile().withDtype(DType.FLOAT32);
        Backend engine = engine(options, exact);
        for (DType type : engine.typesBySpeed(exact.device())) {
            CompileOptions compile = exact.withDtype(type);
            if (type != DType.INT8) {
                return new ChosenType(engine, compile, weights, List.of("dtype: " + type));
            }
            QuantizationSettings usual = QuantizationSettings.DEFAULT;
            QuantizationSettings settings = new QuantizationSettings(usual.range(), usual.smoothing(), budget);
            Int8Weights int8 = Int8Weights.of(graph, trained, new FiniteWeights(weights), engine, compile, settings);
            boolean worthwhile = int8.calibrated().isEmpty()
                    || (int8.calibrated().get().relativeError() <= budget
                            && int8.calibrated().get().share() >= WORTHWHILE);
            if (worthwhile) {
                return new ChosenType(engine, compile, int8.weights(), List.of("dtype: " + int8.description()));
            }
        }
        return new ChosenType(engine, exact, weights, List.of("dtype: float32"));
    }

    private static Backend engine(LoadOptions options, CompileOptions compile) {
        if (options.backend().isPresent()) {
            return Backends.requireUsable(options.backend().get());
        }
        return options.backendName().map(Backends::named).orElseGet(() -> Backends.preferred(compile));
    }
}
