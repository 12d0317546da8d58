package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The prompt for one object, in the coordinates of the network's input.
 *
 * @param points points and box corners, corners first; may be empty
 * @param mask logits of an earlier mask of {@code maskSize × maskSize}, row-major, or null; the array is not copied
 */
@SuppressWarnings("ArrayRecordComponent") // read only by PromptBatch, and large
public record Sam2Prompt(List<PromptPoint> points, float @Nullable [] mask) {
    /** The maximum number of points of a prompt. */
    public static final int MOST_POINTS = 127;

    /** Larger logits in a mask prompt are clamped to this. */
    public static final float LARGEST_LOGIT = 32;

    /**
     * Checks the values and copies the collections.
     *
     * @param points points and box corners, corners first; may be empty
     * @param mask logits of an earlier mask of {@code maskSize × maskSize}, row-major, or null; the array is not copied
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Sam2Prompt {
        points = List.copyOf(points);
        check(points.size() <= MOST_POINTS, "a prompt may have up to %d points, got %d", MOST_POINTS, points.size());
        for (PromptPoint point : points) {
            check(
                    Double.isFinite(point.x()) && Double.isFinite(point.y()),
                    "a prompt's points must be finite, got %s, %s",
                    point.x(),
                    point.y());
        }
    }

    /**
     * {@return a prompt with points only}
     *
     * @param points clicks and corners, in pixels of the picture
     */
    public static Sam2Prompt of(List<PromptPoint> points) {
        return new Sam2Prompt(points, null);
    }

    /**
     * {@return a prompt that starts from an earlier mask}
     *
     * @param points clicks and corners, in pixels of the picture
     * @param mask logits of an earlier mask, {@code 256 × 256} for 1024 pixels
     */
    public static Sam2Prompt of(List<PromptPoint> points, float[] mask) {
        return new Sam2Prompt(points, mask);
    }

    /** Returns the number of its tokens: its points and a placeholder, or none. */
    int tokens() {
        return points.isEmpty() ? 0 : points.size() + 1;
    }
}
