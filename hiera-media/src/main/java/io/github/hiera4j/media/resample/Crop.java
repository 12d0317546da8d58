package io.github.hiera4j.media.resample;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;

/**
 * A picture resized to {@code resizedWidth x resizedHeight}, of which only a rectangle is wanted.
 *
 * @param resizedWidth width of the whole resized picture, in pixels
 * @param resizedHeight height of the whole resized picture
 * @param left first column of the rectangle
 * @param top first row of the rectangle
 * @param width columns of the rectangle
 * @param height rows of the rectangle
 */
public record Crop(int resizedWidth, int resizedHeight, int left, int top, int width, int height) {
    public Crop {
        check(
                left >= 0
                        && top >= 0
                        && width > 0
                        && height > 0
                        && left + width <= resizedWidth
                        && top + height <= resizedHeight,
                "a crop of %d x %d at (%d, %d) does not lie in %d x %d",
                width,
                height,
                left,
                top,
                resizedWidth,
                resizedHeight);
    }

    /** The whole resized picture. */
    static Crop none(int width, int height) {
        return new Crop(width, height, 0, 0, width, height);
    }

    /**
     * Keeps the sides' ratio: the picture is made as small as still covers {@code coverWidth x coverHeight} (one side
     * meets it exactly, the other is rounded down), then cropped.
     *
     * @param position where the rectangle lies in what is left over: 0 start, 0.5 centre (rounded half to even), 1 end
     */
    public static Crop covering(
            Rgb8Image image, int coverWidth, int coverHeight, int width, int height, double position) {
        boolean widthIsTight = (long) coverWidth * image.height() >= (long) coverHeight * image.width();
        int resizedWidth = widthIsTight ? coverWidth : scaled(image.width(), coverHeight, image.height());
        int resizedHeight = widthIsTight ? scaled(image.height(), coverWidth, image.width()) : coverHeight;
        int left = (int) Math.rint((resizedWidth - width) * position);
        int top = (int) Math.rint((resizedHeight - height) * position);
        return new Crop(resizedWidth, resizedHeight, left, top, width, height);
    }

    private static int scaled(int side, int target, int otherSide) {
        long scaled = (long) side * target / otherSide;
        check(scaled <= Integer.MAX_VALUE, "an image of sides %d and %d is too long to be resized", side, otherSide);
        return (int) scaled;
    }
}
