package io.github.hiera4j.detect.picture;

import static io.github.hiera4j.model.Check.check;

import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;

/**
 * Places the labels of boxes in an image so that they do not overlap, as long as there is room.
 *
 * <p>A label is placed above its box if there is room, otherwise below or inside the box, otherwise in the nearest free row below the
 * first position. Labels are placed in the order of the calls, so the most important one should come first.
 */
public final class LabelPlacement {
    private final int width;
    private final int height;
    private final List<Rectangle> placed = new ArrayList<>();

    /**
     * Creates a placement for an image without labels.
     *
     * @param width width of the image, in pixels
     * @param height height of the image, in pixels
     */
    public LabelPlacement(int width, int height) {
        check(width > 0 && height > 0, "an image needs at least one pixel, got %d x %d", width, height);
        this.width = width;
        this.height = height;
    }

    /**
     * Places the label of a box.
     *
     * @param x1 left edge of the box, in pixels
     * @param y1 upper edge
     * @param x2 right edge
     * @param y2 lower edge
     * @param labelWidth width of the label, in pixels
     * @param labelHeight height of the label, in pixels
     * @return the label's rectangle, which is inside the image if the label is not larger than the image
     */
    public Rectangle place(double x1, double y1, double x2, double y2, int labelWidth, int labelHeight) {
        int right = (int) Math.round(x2) - labelWidth;
        int left = (int) Math.round(x1);
        int top = (int) Math.round(y1);
        int bottom = (int) Math.round(y2);
        List<Rectangle> candidates = new ArrayList<>();
        for (int y : new int[] {top - labelHeight, bottom, top, bottom - labelHeight}) {
            for (int x : new int[] {left, right}) {
                candidates.add(inside(x, y, labelWidth, labelHeight));
            }
        }
        Rectangle first = top >= labelHeight ? candidates.get(0) : inside(left, top, labelWidth, labelHeight);
        candidates.add(0, first);
        for (int y = first.y; y + labelHeight <= height; y += Math.max(1, labelHeight / 2)) {
            candidates.add(inside(left, y, labelWidth, labelHeight));
        }
        Rectangle label = candidates.stream().filter(this::isFree).findFirst().orElse(first);
        placed.add(label);
        return label;
    }

    /** {@return the width of the image in pixels} */
    public int width() {
        return width;
    }

    /** {@return the height of the image in pixels} */
    public int height() {
        return height;
    }

    private Rectangle inside(int x, int y, int labelWidth, int labelHeight) {
        return new Rectangle(
                Math.max(0, Math.min(x, width - labelWidth)),
                Math.max(0, Math.min(y, height - labelHeight)),
                labelWidth,
                labelHeight);
    }

    private boolean isFree(Rectangle label) {
        return placed.stream().noneMatch(label::intersects);
    }
}
