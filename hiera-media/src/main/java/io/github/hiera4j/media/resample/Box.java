package io.github.hiera4j.media.resample;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;

/**
 * A part of an image, in pixels from its left and upper edge; fractions are allowed.
 *
 * @param right where it ends, exclusive
 * @param bottom where it ends, exclusive
 */
public record Box(double left, double top, double right, double bottom) {

    /** Returns the whole image. */
    static Box all(Rgb8Image image) {
        return new Box(0, 0, image.width(), image.height());
    }

    /**
     * {@return a share of the largest part with the aspect ratio of {@code width x height}}
     *
     * @param image the picture
     * @param width in pixels
     * @param height in pixels
     * @param share the share of its sides to keep
     * @param place position in the remaining space: 0 start, 0.5 centre, 1 end
     */
    public static Box share(Rgb8Image image, int width, int height, double share, double place) {
        double scale = Math.min(image.width() / (double) width, image.height() / (double) height) * share;
        double boxWidth = Math.min(scale * width, image.width()); // rounding may slightly exceed the edge
        double boxHeight = Math.min(scale * height, image.height());
        double left = (image.width() - boxWidth) * place;
        double top = (image.height() - boxHeight) * place;
        return new Box(left, top, Math.min(left + boxWidth, image.width()), Math.min(top + boxHeight, image.height()));
    }

    void requireIn(Rgb8Image image) {
        check(
                left >= 0
                        && top >= 0
                        && left < right
                        && top < bottom
                        && right <= image.width()
                        && bottom <= image.height(),
                "the box (%s, %s, %s, %s) is not inside an image of %d x %d",
                left,
                top,
                right,
                bottom,
                image.width(),
                image.height());
    }
}
