package io.github.hiera4j.cli.segment;

import io.github.hiera4j.api.segment.AutomaticSettings;
import picocli.CommandLine.Option;

/** The options of {@code hiera segment --automatic}. */
final class AutomaticOptions {
    private static final AutomaticSettings USUAL = AutomaticSettings.DEFAULT;

    @Option(names = "--points-per-side", paramLabel = "N", description = "Use a grid of N x N points (default: 32).")
    int pointsPerSide = USUAL.pointsPerSide();

    @Option(
            names = "--min-quality",
            paramLabel = "Q",
            description = "Drop masks with a predicted IoU of at most Q (default: 0.8).")
    double leastQuality = USUAL.leastQuality();

    @Option(names = "--min-stability", paramLabel = "S", description = "Drop less stable masks (default: 0.95).")
    double leastStability = USUAL.leastStability();

    @Option(
            names = "--max-overlap",
            paramLabel = "IOU",
            description = "Keep only one of two masks whose boxes overlap more (default: 0.7).")
    double overlap = USUAL.overlap();

    @Option(
            names = "--crop-layers",
            paramLabel = "N",
            description = "Also segment 2^n x 2^n crops, n = 1..N (default: 0).")
    int cropLayers = USUAL.cropLayers();

    @Option(
            names = "--min-region",
            paramLabel = "PIXELS",
            description = "Fill smaller holes and remove smaller islands (default: 0, off).")
    int leastRegion = USUAL.leastRegion();

    AutomaticSettings settings() {
        return new AutomaticSettings(
                pointsPerSide,
                leastQuality,
                leastStability,
                overlap,
                cropLayers,
                USUAL.cropOverlap(),
                USUAL.cropPointsDivisor(),
                leastRegion);
    }

    boolean isDefault() {
        return settings().equals(USUAL);
    }
}
