package io.github.hiera4j.train.augment;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.resample.Resampler;
import java.util.random.RandomGenerator;

/**
 * The part of a picture that is shown, and whether it is mirrored: the random resized crop of ImageNet training.
 *
 * @param left first column
 * @param top first row
 * @param width columns
 * @param height rows
 * @param mirrored whether left and right are swapped
 */
public record RandomCrop(int left, int top, int width, int height, boolean mirrored) {
    private static final int ATTEMPTS = 10;
    private static final double MOST_ELONGATED = Math.log(4.0 / 3);

    /**
     * Draws a rectangle with a given fraction of the area and an aspect ratio of 3/4 to 4/3. After ten draws that do not fit, it is the
     * largest central one.
     *
     * @param imageWidth in pixels
     * @param imageHeight in pixels
     * @param least smallest fraction of the area, above 0
     * @param most largest fraction, at most 1
     * @param flip probability of mirroring
     * @param random source of random numbers
     * @return the rectangle
     */
    public static RandomCrop draw(
            int imageWidth, int imageHeight, double least, double most, double flip, RandomGenerator random) {
        check(least > 0 && least <= most && most <= 1, "a crop needs 0 < least <= most <= 1, got %s, %s", least, most);
        boolean mirrored = random.nextDouble() < flip;
        double area = (double) imageWidth * imageHeight;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double target = area * (least + (most - least) * random.nextDouble());
            double ratio = Math.exp(MOST_ELONGATED * (2 * random.nextDouble() - 1));
            int width = (int) Math.round(Math.sqrt(target * ratio));
            int height = (int) Math.round(Math.sqrt(target / ratio));
            if (width >= 1 && height >= 1 && width <= imageWidth && height <= imageHeight) {
                int left = random.nextInt(imageWidth - width + 1);
                int top = random.nextInt(imageHeight - height + 1);
                return new RandomCrop(left, top, width, height, mirrored);
            }
        }
        int width = Math.min(imageWidth, (int) (imageHeight * 4.0 / 3));
        int height = Math.min(imageHeight, (int) (imageWidth * 4.0 / 3));
        return new RandomCrop((imageWidth - width) / 2, (imageHeight - height) / 2, width, height, mirrored);
    }

    /**
     * {@return the part, resized}
     *
     * @param image the picture
     * @param interpolation the resizing filter
     * @param targetWidth columns of the result
     * @param targetHeight rows of the result
     */
    public Rgb8Image apply(Rgb8Image image, Interpolation interpolation, int targetWidth, int targetHeight) {
        boolean asItIs =
                width == targetWidth && height == targetHeight && width == image.width() && height == image.height();
        Rgb8Image resized = asItIs
                ? image
                : Resampler.resize(
                        image, interpolation, left, top, left + width, top + height, targetWidth, targetHeight);
        return mirrored ? mirror(resized) : resized;
    }

    private static Rgb8Image mirror(Rgb8Image image) {
        byte[] source = image.toByteArray();
        byte[] target = new byte[source.length];
        int width = image.width();
        for (int pixel = 0; pixel < source.length / 3; pixel++) {
            int row = pixel / width;
            int mirrored = row * width + (width - 1 - pixel % width);
            System.arraycopy(source, 3 * pixel, target, 3 * mirrored, 3);
        }
        return Rgb8Image.wrap(width, image.height(), target);
    }
}
