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
import java.util.Locale;
import java.util.Optional;

/**
 * The engine that runs a model, its element type, and the weights in the form that the type needs.
 *
 * @param notes notes for the caller about the choice, one line each
 */
record ChosenType(Backend engine, CompileOptions compile, WeightSource weights, List<String> notes) {
    /** With a smaller fraction of a model's products in int8, the gain is too small. */
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
                : requested(graph, trained, weights, options);
    }

    private static ChosenType requested(Graph graph, HieraConfig trained, WeightSource weights, LoadOptions options) {
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

    /** Measures every type in which the engine may be faster than float32, and chooses the fastest one within the error. */
    private static ChosenType fastest(
            Graph graph, HieraConfig trained, WeightSource weights, LoadOptions options, double budget) {
        CompileOptions exact = options.compile().withDtype(DType.FLOAT32);
        Backend engine = engine(options, exact);
        List<DType> types = engine.typesBySpeed(exact.device()).stream()
                .filter(type -> type != DType.FLOAT32)
                .toList();
        ChosenType best = new ChosenType(engine, exact, weights, List.of("dtype: float32"));
        if (types.isEmpty()) {
            return best;
        }
        double fastest = 1;
        TypeTrial trial = new TypeTrial(graph, trained, weights, engine, exact);
        for (DType type : types) {
            CompileOptions compile = exact.withDtype(type);
            Optional<Int8Weights> int8 = type == DType.INT8
                    ? withinBudget(graph, trained, weights, engine, compile, budget)
                    : Optional.empty();
            if (type == DType.INT8 && int8.isEmpty()) {
                continue;
            }
            WeightSource own = int8.map(Int8Weights::weights).orElse(weights);
            TypeTrial.Outcome outcome = trial.compare(own, compile);
            if (outcome.error() <= budget && outcome.speed() > fastest) {
                fastest = outcome.speed();
                String description = int8.map(Int8Weights::description).orElse(type.toString());
                String measured = String.format(
                        Locale.ROOT,
                        "dtype: %s; here %.1f times as fast as float32, relative error %.3f on a sample",
                        description,
                        outcome.speed(),
                        outcome.error());
                best = new ChosenType(engine, compile, own, List.of(measured));
            }
        }
        return best;
    }

    /** Returns the model in int8, unless its error is too large or too little of it is computed in int8. */
    private static Optional<Int8Weights> withinBudget(
            Graph graph,
            HieraConfig trained,
            WeightSource weights,
            Backend engine,
            CompileOptions compile,
            double budget) {
        QuantizationSettings usual = QuantizationSettings.DEFAULT;
        QuantizationSettings settings = new QuantizationSettings(usual.range(), usual.smoothing(), budget);
        Int8Weights int8 = Int8Weights.of(graph, trained, new FiniteWeights(weights), engine, compile, settings);
        boolean worthwhile = int8.calibrated().isEmpty()
                || (int8.calibrated().get().relativeError() <= budget
                        && int8.calibrated().get().share() >= WORTHWHILE);
        return worthwhile ? Optional.of(int8) : Optional.empty();
    }

    private static Backend engine(LoadOptions options, CompileOptions compile) {
        if (options.backend().isPresent()) {
            return Backends.requireUsable(options.backend().get());
        }
        return options.backendName().map(Backends::named).orElseGet(() -> Backends.preferred(compile));
    }
}
