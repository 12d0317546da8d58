package io.github.hiera4j.media.resample;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;

/**
 * A rectangle of an image that is resized to {@code resizedWidth x resizedHeight}.
 *
 * @param resizedWidth width of the whole resized picture, in pixels
 * @param resizedHeight height of the whole resized picture
 * @param left first column of the rectangle
 * @param top first row of the rectangle
 * @param width columns of the rectangle
 * @param height rows of the rectangle
 */
public record Crop(int resizedWidth, int resizedHeight, int left, int top, int width, int height) {
    /**
     * Checks the values.
     *
     * @param resizedWidth width of the whole resized picture, in pixels
     * @param resizedHeight height of the whole resized picture
     * @param left first column of the rectangle
     * @param top first row of the rectangle
     * @param width columns of the rectangle
     * @param height rows of the rectangle
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public Crop {
        check(
                left >= 0
                        && top >= 0
                        && width > 0
                        && height > 0
                        && left + width <= resizedWidth
                        && top + height <= resizedHeight,
                "a crop of %d x %d at (%d, %d) is not inside %d x %d",
                width,
                height,
                left,
                top,
                resizedWidth,
                resizedHeight);
    }

    /**
     * {@return the whole resized image}
     *
     * @param width in pixels
     * @param height in pixels
     */
    public static Crop none(int width, int height) {
        return new Crop(width, height, 0, 0, width, height);
    }

    /**
     * Returns the smallest size with the aspect ratio of the image that covers {@code coverWidth x coverHeight} (one side matches
     * exactly, the other is rounded down).
     *
     * @param image the picture
     * @param coverWidth columns that must be covered
     * @param coverHeight rows that must be covered
     * @return the size and the crop
     */
    public static Crop covering(Rgb8Image image, int coverWidth, int coverHeight) {
        boolean widthIsTight = (long) coverWidth * image.height() >= (long) coverHeight * image.width();
        int resizedWidth = widthIsTight ? coverWidth : scaled(image.width(), coverHeight, image.height());
        int resizedHeight = widthIsTight ? scaled(image.height(), coverWidth, image.width()) : coverHeight;
        return none(resizedWidth, resizedHeight);
    }

    /**
     * Returns a crop of {@link #covering(Rgb8Image, int, int)}; half a pixel is rounded to even.
     *
     * @param image the picture
     * @param coverWidth columns that must be covered
     * @param coverHeight rows that must be covered
     * @param width in pixels
     * @param height in pixels
     * @param position 0: the start of the longer side; 0.5: the middle; 1: its end
     * @return the size and the crop
     */
    public static Crop covering(
            Rgb8Image image, int coverWidth, int coverHeight, int width, int height, double position) {
        return covering(image, coverWidth, coverHeight).part(width, height, position, false);
    }

    /**
     * {@return a rectangle of the whole resized image}
     *
     * @param partWidth columns of the part
     * @param partHeight rows of the part
     * @param position position of the rectangle in the remaining space: 0 start, 0.5 centre, 1 end
     * @param roundsDown whether fractions of a pixel are rounded down; otherwise to the nearest, half to even
     */
    public Crop part(int partWidth, int partHeight, double position, boolean roundsDown) {
        return new Crop(
                resizedWidth,
                resizedHeight,
                rounded((resizedWidth - partWidth) * position, roundsDown),
                rounded((resizedHeight - partHeight) * position, roundsDown),
                partWidth,
                partHeight);
    }

    private static int rounded(double offset, boolean down) {
        return (int) (down ? Math.floor(offset) : Math.rint(offset));
    }

    private static int scaled(int side, int target, int otherSide) {
        long scaled = (long) side * target / otherSide;
        check(scaled <= Integer.MAX_VALUE, "an image of sides %d and %d is too long to be resized", side, otherSide);
        return (int) scaled;
    }
}
