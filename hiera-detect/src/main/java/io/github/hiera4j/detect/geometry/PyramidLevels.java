package io.github.hiera4j.detect.geometry;

/**
 * The assignment of boxes to the levels of a feature pyramid from which they are pooled.
 *
 * @param lowest the finest level; its maps have stride {@code 2^lowest}
 * @param highest the coarsest level
 * @param canonicalLevel the level of a box of the canonical size
 * @param canonicalSize side length in pixels
 * @param epsilonOnLevel adds a millionth to the level (torchvision); otherwise a hundred-millionth to the relative size
 *     (Detectron2)
 */
public record PyramidLevels(int lowest, int highest, int canonicalLevel, double canonicalSize, boolean epsilonOnLevel) {
    /** Levels 2 to 5, where a box of 224 × 224 pixels belongs to level 4. */
    public static final PyramidLevels STANDARD = new PyramidLevels(2, 5, 4, 224, false);

    private static final double SIZE_EPSILON = 1e-8;
    private static final double LEVEL_EPSILON = 1e-6;

    /**
     * Detectron2's rule.
     *
     * @param lowest the finest level
     * @param highest the coarsest level
     * @param canonicalLevel the level of a box of the canonical size
     * @param canonicalSize side length of that box in pixels
     */
    public PyramidLevels(int lowest, int highest, int canonicalLevel, double canonicalSize) {
        this(lowest, highest, canonicalLevel, canonicalSize, false);
    }

    /**
     * {@return the level of box {@code i}}
     *
     * @param boxes boxes in pixels
     * @param i the box, from 0
     */
    public int level(Boxes boxes, int i) {
        double size = Math.sqrt(boxes.area(i)) / canonicalSize;
        double level = epsilonOnLevel
                ? Math.floor(canonicalLevel + log2(size) + LEVEL_EPSILON)
                : Math.floor(canonicalLevel + log2(size + SIZE_EPSILON));
        return (int) Math.max(lowest, Math.min(highest, level));
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
