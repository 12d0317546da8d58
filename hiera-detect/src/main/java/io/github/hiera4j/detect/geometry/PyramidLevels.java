package io.github.hiera4j.detect.geometry;

/**
 * Which level of a feature pyramid a box is pooled from.
 *
 * @param lowest the finest level; its maps have stride {@code 2^lowest}
 * @param highest the coarsest level
 * @param canonicalLevel the level of a box of the canonical size
 * @param canonicalSize side length in pixels
 */
public record PyramidLevels(int lowest, int highest, int canonicalLevel, double canonicalSize) {
    /** Levels 2 to 5, where a box of 224 × 224 pixels belongs to level 4. */
    public static final PyramidLevels STANDARD = new PyramidLevels(2, 5, 4, 224);

    private static final double EPSILON = 1e-8;

    /** The level of box {@code i}. */
    public int level(Boxes boxes, int i) {
        double size = Math.sqrt(boxes.area(i));
        double level = Math.floor(canonicalLevel + Math.log(size / canonicalSize + EPSILON) / Math.log(2));
        return (int) Math.max(lowest, Math.min(highest, level));
    }
}
