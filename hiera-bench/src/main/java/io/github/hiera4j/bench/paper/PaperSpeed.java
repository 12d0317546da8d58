package io.github.hiera4j.bench.paper;

import java.util.Map;
import java.util.OptionalDouble;

/** The inference speed that the paper reports for published models: an A100 in float16 (arXiv 2306.00989, Tables 1, 16 and 17). */
public final class PaperSpeed {
    private static final Map<String, Double> SAMPLES_PER_SECOND = Map.ofEntries(
            Map.entry("hiera_tiny_224", 2758.0),
            Map.entry("hiera_small_224", 2211.0),
            Map.entry("hiera_base_224", 1556.0),
            Map.entry("hiera_base_plus_224", 1247.0),
            Map.entry("hiera_large_224", 531.0),
            Map.entry("hiera_huge_224", 274.0),
            Map.entry("mvitv2_large", 219.8),
            Map.entry("hiera_base_16x224", 133.6),
            Map.entry("hiera_base_plus_16x224", 84.1),
            Map.entry("hiera_large_16x224", 40.8),
            Map.entry("hiera_huge_16x224", 20.9),
            Map.entry("mvitv2_large_16x224", 20.5));

    private PaperSpeed() {}

    /**
     * {@return images or clips per second; empty if the paper has no such figure}
     *
     * @param model the name of a published model
     */
    public static OptionalDouble of(String model) {
        Double speed = SAMPLES_PER_SECOND.get(model);
        return speed == null ? OptionalDouble.empty() : OptionalDouble.of(speed);
    }
}
