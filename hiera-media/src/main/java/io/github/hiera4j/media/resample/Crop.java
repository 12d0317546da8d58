package io.github.hiera4j.media.resample;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;

/**
 * A picture resized to {@code resizedWidth x resizedHeight}, of which only a rectangle is requested.
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
                "a crop of %d x %d at (%d, %d) does not lie in %d x %d",
                width,
                height,
                left,
                top,
                resizedWidth,
                resizedHeight);
    }

    /**
     * {@return the whole resized picture}
     *
     * @param width in pixels
     * @param height in pixels
     */
    public static Crop none(int width, int height) {
        return new Crop(width, height, 0, 0, width, height);
    }

    /**
     * Keeps the sides' ratio: the picture is made as small as still covers {@code coverWidth x coverHeight} (one side
     * meets it exactly, the other is rounded down).
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
     * {@link #covering(Rgb8Image, int, int)}, then cropped; half a pixel is rounded to the even side.
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
     * {@return a rectangle of the whole resized picture}
     *
     * @param partWidth columns of the part
     * @param partHeight rows of the part
     * @param position where the rectangle lies in what is left over: 0 start, 0.5 centre, 1 end
     * @param roundsDown whether fractions of a pixel are rounded down; else to the nearest, half to even
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
