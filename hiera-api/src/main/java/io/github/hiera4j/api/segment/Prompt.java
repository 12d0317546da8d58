package io.github.hiera4j.api.segment;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.sam.PointLabel;
import io.github.hiera4j.model.sam.PromptPoint;
import io.github.hiera4j.model.sam.Sam2Prompt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt for one object: points on it and next to it, a box around it, an earlier mask. Immutable; each method returns a new
 * prompt.
 *
 * <pre>{@code
 * Prompt.point(120, 80).andBackground(10, 10)
 * }</pre>
 *
 * <p>Coordinates are pixels of the original image, from 0 to its width or height; fractions are allowed.
 */
public final class Prompt {
    private record Point(double x, double y, boolean onObject) {}

    private record Box(double left, double top, double right, double bottom) {}

    private final List<Point> points;
    private final @Nullable Box box;
    private final @Nullable Mask mask;
    private final boolean alternatives;

    private Prompt(List<Point> points, @Nullable Box box, @Nullable Mask mask, boolean alternatives) {
        this.points = List.copyOf(points);
        this.box = box;
        this.mask = mask;
        this.alternatives = alternatives;
        check(
                points.size() + 2 <= Sam2Prompt.MOST_POINTS,
                "a prompt may have up to %d points, got %d",
                Sam2Prompt.MOST_POINTS - 2,
                points.size());
    }

    private static Prompt empty() {
        return new Prompt(List.of(), null, null, false);
    }

    /**
     * Returns a prompt for the object at a point.
     *
     * @param x column in pixels, from the left
     * @param y row in pixels, from the top
     * @return the prompt
     */
    public static Prompt point(double x, double y) {
        return empty().andPoint(x, y);
    }

    /**
     * Returns a prompt for the object in a box.
     *
     * @param left left edge in pixels
     * @param top top edge in pixels
     * @param right right edge in pixels
     * @param bottom bottom edge in pixels
     * @return the prompt
     */
    public static Prompt box(double left, double top, double right, double bottom) {
        return empty().andBox(left, top, right, bottom);
    }

    /**
     * Returns a prompt that refines an earlier mask of the same image.
     *
     * @param earlier a mask of the same image
     * @return the prompt
     */
    public static Prompt mask(Mask earlier) {
        return empty().andMask(earlier);
    }

    /**
     * Returns this prompt with another point on the object.
     *
     * @param x column in pixels, from the left
     * @param y row in pixels, from the top
     * @return the prompt
     */
    public Prompt andPoint(double x, double y) {
        return with(new Point(x, y, true));
    }

    /**
     * Returns this prompt with a point that is not on the object.
     *
     * @param x column in pixels, from the left
     * @param y row in pixels, from the top
     * @return the prompt
     */
    public Prompt andBackground(double x, double y) {
        return with(new Point(x, y, false));
    }

    private Prompt with(Point point) {
        check(
                Double.isFinite(point.x) && Double.isFinite(point.y),
                "a point must be two numbers, got %s,%s",
                point.x,
                point.y);
        List<Point> more = new ArrayList<>(points);
        more.add(point);
        return new Prompt(more, box, mask, alternatives);
    }

    /**
     * Returns this prompt with a box around the object, which replaces any other.
     *
     * @param left left edge in pixels
     * @param top top edge in pixels
     * @param right right edge in pixels
     * @param bottom bottom edge in pixels
     * @return the prompt
     */
    public Prompt andBox(double left, double top, double right, double bottom) {
        check(
                Double.isFinite(left) && Double.isFinite(top) && Double.isFinite(right) && Double.isFinite(bottom),
                "a box must be four numbers, got %s,%s,%s,%s",
                left,
                top,
                right,
                bottom);
        check(
                left < right && top < bottom,
                "a box is left,top,right,bottom with left < right and top < bottom, got %s,%s,%s,%s",
                left,
                top,
                right,
                bottom);
        return new Prompt(points, new Box(left, top, right, bottom), mask, alternatives);
    }

    /**
     * Returns this prompt with an earlier mask of the same image to start from.
     *
     * @param earlier a mask of the same image
     * @return the prompt
     */
    public Prompt andMask(Mask earlier) {
        return new Prompt(points, box, earlier, alternatives);
    }

    /**
     * Returns this prompt with three masks as the result, for prompts that may mean a part, the whole object, or more. Otherwise the result
     * is one mask.
     *
     * @return the prompt
     */
    public Prompt withAlternatives() {
        return new Prompt(points, box, mask, true);
    }

    boolean alternatives() {
        return alternatives;
    }

    boolean hasMask() {
        return mask != null;
    }

    /** Converts the prompt to the coordinates of the network's square input. */
    Sam2Prompt scaled(int height, int width, int size, int maskSize) {
        check(!points.isEmpty() || box != null || mask != null, "a prompt needs a point, a box or a mask, got none");
        List<PromptPoint> all = new ArrayList<>();
        if (box != null) {
            all.add(place(box.left, box.top, PointLabel.BOX_TOP_LEFT, height, width, size));
            all.add(place(box.right, box.bottom, PointLabel.BOX_BOTTOM_RIGHT, height, width, size));
        }
        for (Point point : points) {
            PointLabel label = point.onObject ? PointLabel.FOREGROUND : PointLabel.BACKGROUND;
            all.add(place(point.x, point.y, label, height, width, size));
        }
        return mask == null ? Sam2Prompt.of(all) : Sam2Prompt.of(all, mask.logitsFor(height, width, maskSize));
    }

    private static PromptPoint place(double x, double y, PointLabel label, int height, int width, int size) {
        check(
                x >= 0 && x <= width && y >= 0 && y <= height,
                "the position %s,%s is outside the image of %d x %d pixels",
                x,
                y,
                width,
                height);
        return new PromptPoint(x / width * size, y / height * size, label);
    }
}
