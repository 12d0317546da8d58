package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

/**
 * The part of a frame that a transform shows, for mapping annotations of the frame: boxes, outlines.
 *
 * @param left of the shown part, in pixels of the frame
 * @param top of the shown part
 * @param right of the shown part, exclusive; beyond the frame if the transform pads
 * @param bottom of the shown part, exclusive
 * @param mirrored whether left and right are swapped
 * @param width columns of the network's input
 * @param height rows of the network's input
 * @param frameWidth columns of the frame
 * @param frameHeight rows of the frame
 */
public record Placement(
        double left,
        double top,
        double right,
        double bottom,
        boolean mirrored,
        int width,
        int height,
        int frameWidth,
        int frameHeight) {
    /**
     * Checks the values.
     *
     * @param left of the shown part, in pixels of the frame
     * @param top of the shown part
     * @param right of the shown part, exclusive; beyond the frame if the transform pads
     * @param bottom of the shown part, exclusive
     * @param mirrored whether left and right are swapped
     * @param width columns of the network's input
     * @param height rows of the network's input
     * @param frameWidth columns of the frame
     * @param frameHeight rows of the frame
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Placement {
        check(
                left < right && top < bottom && width > 0 && height > 0,
                "a transform shows a part of a frame, got %s to %s and %s to %s",
                left,
                right,
                top,
                bottom);
    }

    /**
     * {@return the x coordinate in the input of an x of the frame}
     *
     * @param frameX position as a fraction of the frame's width
     */
    public double x(double frameX) {
        double x = (frameX - left) / (right - left) * width;
        return mirrored ? width - x : x;
    }

    /**
     * {@return the y coordinate in the input of a y of the frame}
     *
     * @param frameY position as a fraction of the frame's height
     */
    public double y(double frameY) {
        return (frameY - top) / (bottom - top) * height;
    }

    /**
     * Maps a box of the frame to the input, without clipping.
     *
     * @param box x1, y1, x2, y2 in pixels of the frame
     * @return x1, y1, x2, y2 in pixels of the input, with x1 ≤ x2
     */
    public double[] box(double... box) {
        double first = x(box[0]);
        double second = x(box[2]);
        return new double[] {Math.min(first, second), y(box[1]), Math.max(first, second), y(box[3])};
    }
}
