package io.github.hiera4j.api.segment;

import static io.github.hiera4j.model.Check.check;

/**
 * The settings for segmenting everything in an image: three masks are predicted for each point of a grid, and the good and distinct ones
 * are kept. Immutable; start from {@link #DEFAULT}, SAM 2's own values.
 *
 * @param pointsPerSide points of the grid along each axis; a point is the centre of a cell
 * @param leastQuality masks with a predicted IoU up to this are dropped
 * @param leastStability masks that are less stable are dropped (threshold moved by 1 either way)
 * @param overlap if the boxes of two masks overlap by more than this (IoU), the mask of lower quality is dropped
 * @param cropLayers 0: only the whole image; layer n also segments 2ⁿ × 2ⁿ overlapping crops, for small objects
 * @param cropOverlap overlap of crops, as a fraction of the image's shorter side
 * @param cropPointsDivisor the grid's points per side are divided by this power of the layer
 * @param leastRegion holes with fewer pixels are filled and islands with fewer pixels are removed; 0: none
 */
public record AutomaticSettings(
        int pointsPerSide,
        double leastQuality,
        double leastStability,
        double overlap,
        int cropLayers,
        double cropOverlap,
        int cropPointsDivisor,
        int leastRegion) {
    /** SAM 2's own values: 32 × 32 points, IoU above 0.8, stability of 0.95 or more, boxes overlapping by up to 0.7. */
    public static final AutomaticSettings DEFAULT = new AutomaticSettings(32, 0.8, 0.95, 0.7, 0, 512.0 / 1500, 1, 0);

    /**
     * Checks the values.
     *
     * @param pointsPerSide 1 to 128
     * @param leastQuality 0 to 1
     * @param leastStability 0 to 1
     * @param overlap 0 to 1
     * @param cropLayers 0 to 4
     * @param cropOverlap 0 up to 1
     * @param cropPointsDivisor at least 1
     * @param leastRegion at least 0
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public AutomaticSettings {
        check(pointsPerSide >= 1 && pointsPerSide <= 128, "points per side must be 1 to 128, got %d", pointsPerSide);
        check(leastQuality >= 0 && leastQuality <= 1, "the least quality must be 0 to 1, got %s", leastQuality);
        check(leastStability >= 0 && leastStability <= 1, "the least stability must be 0 to 1, got %s", leastStability);
        check(overlap >= 0 && overlap <= 1, "the overlap must be 0 to 1, got %s", overlap);
        check(cropLayers >= 0 && cropLayers <= 4, "crop layers must be 0 to 4, got %d", cropLayers);
        check(cropOverlap >= 0 && cropOverlap < 1, "the crops' overlap must be 0 up to 1, got %s", cropOverlap);
        check(cropPointsDivisor >= 1, "the divisor of a crop's points must be 1 or more, got %d", cropPointsDivisor);
        check(leastRegion >= 0, "the least region must be 0 or more pixels, got %d", leastRegion);
    }

    /**
     * Returns these settings with another grid.
     *
     * @param points points along each axis of the image, 1 to 128
     * @return these settings, changed
     */
    public AutomaticSettings withPointsPerSide(int points) {
        return new AutomaticSettings(
                points, leastQuality, leastStability, overlap, cropLayers, cropOverlap, cropPointsDivisor, leastRegion);
    }

    /**
     * Returns these settings with other thresholds for keeping a mask.
     *
     * @param quality the smallest predicted IoU, 0 to 1
     * @param stability the smallest stability, 0 to 1
     * @return these settings, changed
     */
    public AutomaticSettings withThresholds(double quality, double stability) {
        return new AutomaticSettings(
                pointsPerSide, quality, stability, overlap, cropLayers, cropOverlap, cropPointsDivisor, leastRegion);
    }

    /**
     * Returns these settings with layers of crops.
     *
     * @param layers layers of crops, 0 to 4
     * @return these settings, changed
     */
    public AutomaticSettings withCropLayers(int layers) {
        return new AutomaticSettings(
                pointsPerSide,
                leastQuality,
                leastStability,
                overlap,
                layers,
                cropOverlap,
                cropPointsDivisor,
                leastRegion);
    }

    /**
     * Returns these settings with filling of small holes and removal of small islands.
     *
     * @param pixels regions with fewer pixels are changed
     * @return these settings, changed
     */
    public AutomaticSettings withLeastRegion(int pixels) {
        return new AutomaticSettings(
                pointsPerSide,
                leastQuality,
                leastStability,
                overlap,
                cropLayers,
                cropOverlap,
                cropPointsDivisor,
                pixels);
    }

    /** Returns the points per side of a layer's crops; layer 0 is the whole image. */
    int pointsOf(int layer) {
        double divisor = Math.pow(cropPointsDivisor, layer);
        return (int) Math.max(1, pointsPerSide / divisor);
    }
}
