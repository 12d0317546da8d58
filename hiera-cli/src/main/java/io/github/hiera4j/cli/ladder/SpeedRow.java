package io.github.hiera4j.cli.ladder;

import io.github.hiera4j.bench.RunTime;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.train.run.StepBenchmark;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The measurements of one model with one type.
 *
 * @param engine backend and options
 * @param cost parameters, and multiply-accumulates of one sample
 * @param inference the forward pass
 * @param training a supervised step, if requested
 * @param autoencoder a step of the masked autoencoder, if requested and if the model has one
 */
record SpeedRow(
        SpeedOptions.Engine engine,
        ModelCost cost,
        RunTime inference,
        Optional<StepBenchmark.Result> training,
        Optional<StepBenchmark.Result> autoencoder) {

    double samplesPerSecond() {
        return inference.samplesPerSecond();
    }

    /** Returns the keys that both commands print, preceded by those that identify the model. */
    Map<String, Object> toJson(Map<String, Object> name) {
        Map<String, Object> json = new LinkedHashMap<>(name);
        json.put("parameters", cost.parameters());
        json.put("multiplyAccumulates", cost.multiplyAccumulates());
        json.put("backend", engine.backend().name());
        json.put("dtype", engine.options().dtype().toString());
        json.put("batch", inference.batch());
        json.put("threads", engine.options().threads());
        json.put("milliseconds", rounded(inference.time().median()));
        json.put("samplesPerSecond", rounded(samplesPerSecond()));
        json.put("spread", rounded(inference.time().relative()));
        json.put("nativeMb", rounded(inference.nativeBytes() / 1e6));
        training.ifPresent(step -> json.put("trainingSamplesPerSecond", rounded(step.samplesPerSecond())));
        autoencoder.ifPresent(step -> json.put("maeSamplesPerSecond", rounded(step.samplesPerSecond())));
        return json;
    }

    static String number(Optional<StepBenchmark.Result> step) {
        return step.map(result -> number(result.samplesPerSecond())).orElse("");
    }

    /** Formats a value with about three significant digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** Rounds to four significant digits; the rest is noise. */
    private static double rounded(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(new MathContext(4)).doubleValue()
                : 0;
    }
}
