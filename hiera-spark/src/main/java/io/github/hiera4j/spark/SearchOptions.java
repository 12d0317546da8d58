package io.github.hiera4j.spark;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code --task segment}, with the same names as in {@code hiera segment --automatic}. */
final class SearchOptions {
    static final List<String> NAMES = List.of(
            "--points-per-side", "--min-quality", "--min-stability", "--max-overlap", "--crop-layers", "--min-region");

    @Option(
            names = "--points-per-side",
            paramLabel = "N",
            description = "segment: use a grid of N x N points (default: 32).")
    private @Nullable Integer pointsPerSide;

    @Option(
            names = "--min-quality",
            paramLabel = "Q",
            description = "segment: drop masks with a predicted IoU of at most Q.")
    private @Nullable Double minQuality;

    @Option(names = "--min-stability", paramLabel = "S", description = "segment: drop less stable masks.")
    private @Nullable Double minStability;

    @Option(
            names = "--max-overlap",
            paramLabel = "IOU",
            description = "segment: keep only one of two masks whose boxes overlap more.")
    private @Nullable Double maxOverlap;

    @Option(names = "--crop-layers", paramLabel = "N", description = "segment: also segment smaller crops.")
    private @Nullable Integer cropLayers;

    @Option(
            names = "--min-region",
            paramLabel = "PIXELS",
            description = "segment: fill smaller holes and remove smaller islands.")
    private @Nullable Integer minRegion;

    SegmentationTransformer transformer() {
        SegmentationTransformer usual = new SegmentationTransformer();
        return new SegmentationTransformer()
                .setPointsPerSide(pointsPerSide == null ? usual.getPointsPerSide() : pointsPerSide)
                .setMinQuality(minQuality == null ? usual.getMinQuality() : minQuality)
                .setMinStability(minStability == null ? usual.getMinStability() : minStability)
                .setMaxOverlap(maxOverlap == null ? usual.getMaxOverlap() : maxOverlap)
                .setCropLayers(cropLayers == null ? usual.getCropLayers() : cropLayers)
                .setMinRegion(minRegion == null ? usual.getMinRegion() : minRegion);
    }
}
