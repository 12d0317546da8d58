package io.github.hiera4j.bench;

import io.github.hiera4j.model.timing.Spread;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The result of a measurement.
 *
 * @param model name of the model
 * @param backend name of the backend
 * @param dtype element type
 * @param batch samples per run
 * @param threads threads per run, 0 if the backend chose the number
 * @param time of one run
 * @param samplesPerSecond at the median time
 * @param gflops billions of floating-point operations per second, at the median time
 * @param peakFraction gflops relative to those of large matrix products, measured in the same process
 * @param nativeMegabytes native memory that the session held, in units of 10⁶ bytes
 */
public record BenchmarkResult(
        String model,
        String backend,
        String dtype,
        int batch,
        int threads,
        Spread time,
        double samplesPerSecond,
        double gflops,
        double peakFraction,
        double nativeMegabytes) {

    /** {@return the fields for scripts, with their published order and names} */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("backend", backend);
        json.put("dtype", dtype);
        json.put("batch", batch);
        json.put("threads", threads);
        json.put("milliseconds", rounded(time.median()));
        json.put("samplesPerSecond", rounded(samplesPerSecond));
        json.put("gflops", rounded(gflops));
        json.put("peakFraction", rounded(peakFraction));
        json.put("nativeMb", rounded(nativeMegabytes));
        json.put("spread", rounded(time.relative()));
        return json;
    }

    /** Rounds to four significant digits; the rest is noise. */
    private static double rounded(double value) {
        return value == 0 || !Double.isFinite(value)
                ? 0
                : new java.math.BigDecimal(value)
                        .round(new java.math.MathContext(4))
                        .doubleValue();
    }
}
