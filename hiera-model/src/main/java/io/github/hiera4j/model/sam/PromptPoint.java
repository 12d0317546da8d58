package io.github.hiera4j.model.sam;

/**
 * A point of a prompt in the frame of the network's input: pixels of the square image that the original was resized to.
 *
 * @param x pixels from the left edge, 0 to the input's size
 * @param y pixels from the top edge
 * @param label its meaning
 */
public record PromptPoint(double x, double y, PointLabel label) {
    /** The padding after the last point of every prompt that has points. */
    static final PromptPoint PLACE_HOLDER = new PromptPoint(0, 0, PointLabel.NOT_A_POINT);
}
