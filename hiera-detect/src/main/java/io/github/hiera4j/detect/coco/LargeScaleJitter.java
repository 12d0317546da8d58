package io.github.hiera4j.detect.coco;

import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.resample.Crop;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.resample.Resampler;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Large-scale jitter: an image is randomly mirrored, resized by a random factor relative to the target, and cropped to at most the
 * target.
 *
 * <p>Source: Detectron2's configuration of ViTDet, {@code [0.1, 2.0]} at 1024.
 *
 * @param target largest height and width of the result, in pixels
 * @param smallestScale smallest size relative to the target
 * @param largestScale largest size relative to the target
 */
public record LargeScaleJitter(int target, double smallestScale, double largestScale) {
    /** The settings of the paper's detectors. */
    public static final LargeScaleJitter STANDARD = new LargeScaleJitter(1024, .1, 2);

    /**
     * Draws a plan for an image of the given size.
     *
     * @param height in pixels
     * @param width in pixels
     * @param random the source of random numbers
     * @return the plan
     */
    public Plan draw(int height, int width, RandomGenerator random) {
        return plan(height, width, random.nextBoolean(), random.nextDouble(), random.nextDouble());
    }

    /**
     * {@return the plan for the given random numbers}
     *
     * @param height in pixels
     * @param width in pixels
     * @param flip whether the picture is mirrored
     * @param scaleDraw random number for the scale, 0 to 1
     * @param cropDraw random number for the position of the crop along both axes, 0 to 1
     */
    public Plan plan(int height, int width, boolean flip, double scaleDraw, double cropDraw) {
        double scale = smallestScale + (largestScale - smallestScale) * scaleDraw;
        double factor = Math.min(target * scale / height, target * scale / width);
        int resizedHeight = (int) Math.rint(height * factor);
        int resizedWidth = (int) Math.rint(width * factor);
        int top = (int) Math.rint(Math.max(resizedHeight - target, 0) * cropDraw);
        int left = (int) Math.rint(Math.max(resizedWidth - target, 0) * cropDraw);
        return new Plan(height, width, flip, scale, resizedHeight, resizedWidth, top, left, target);
    }

    /**
     * The transformation of one image and its instances.
     *
     * @param height height of the image, in pixels
     * @param width width of the image, in pixels
     * @param flip whether it is mirrored left to right
     * @param scale scale relative to the target
     * @param resizedHeight height after resizing
     * @param resizedWidth width after resizing
     * @param top first row of the crop
     * @param left first column of the crop
     * @param target largest side of the crop
     */
    public record Plan(
            int height,
            int width,
            boolean flip,
            double scale,
            int resizedHeight,
            int resizedWidth,
            int top,
            int left,
            int target) {
        /** {@return height of the result} */
        public int outputHeight() {
            return Math.min(target, resizedHeight);
        }

        /** {@return width of the result} */
        public int outputWidth() {
            return Math.min(target, resizedWidth);
        }

        /**
         * {@return the image, mirrored, resized with an antialiased bilinear filter as in Pillow, and cropped}
         *
         * @param image the image
         */
        public Rgb8Image apply(Rgb8Image image) {
            Rgb8Image source = flip ? mirrored(image) : image;
            byte[] pixels = new byte[outputHeight() * outputWidth() * Rgb8Image.CHANNELS];
            int line = outputWidth() * Rgb8Image.CHANNELS;
            Crop crop = new Crop(resizedWidth, resizedHeight, left, top, outputWidth(), outputHeight());
            Resampler.resize(source, Interpolation.BILINEAR, crop, (y, samples) -> {
                for (int i = 0; i < line; i++) {
                    pixels[y * line + i] = (byte) samples[i];
                }
            });
            return Rgb8Image.wrap(outputWidth(), outputHeight(), pixels);
        }

        private static Rgb8Image mirrored(Rgb8Image image) {
            byte[] pixels = new byte[image.width() * image.height() * Rgb8Image.CHANNELS];
            for (int y = 0; y < image.height(); y++) {
                for (int x = 0; x < image.width(); x++) {
                    int to = (y * image.width() + image.width() - 1 - x) * Rgb8Image.CHANNELS;
                    for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
                        pixels[to + channel] = (byte) image.sample(x, y, channel);
                    }
                }
            }
            return Rgb8Image.wrap(image.width(), image.height(), pixels);
        }

        /**
         * {@return the parts of an instance that remain, clipped to the crop; a concave part may fall into several}
         *
         * @param parts {@code x0, y0, x1, y1, …} in the picture
         */
        public List<double[]> apply(List<double[]> parts) {
            return parts.stream()
                    .flatMap(part -> PolygonClipping.clip(moved(part), left, top, target).stream())
                    .toList();
        }

        private double[] moved(double[] part) {
            double[] moved = part.clone();
            for (int i = 0; i < moved.length; i += 2) {
                moved[i] = (flip ? width - moved[i] : moved[i]) * resizedWidth / width;
                moved[i + 1] = moved[i + 1] * resizedHeight / height;
            }
            return moved;
        }

        /**
         * {@return the summed area of polygons, in pixels}
         *
         * @param parts polygons as {@code x0, y0, x1, y1, …}
         */
        public static double area(List<double[]> parts) {
            return parts.stream().mapToDouble(PolygonClipping::area).sum();
        }

        /**
         * {@return the tight box of polygons; one empty box if there are none}
         *
         * @param parts polygons as {@code x0, y0, x1, y1, …}
         */
        public static Boxes tightBox(List<double[]> parts) {
            double[] box = {
                Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY
            };
            for (double[] part : parts) {
                for (int i = 0; i < part.length; i++) {
                    box[i % 2] = Math.min(box[i % 2], part[i]);
                    box[2 + i % 2] = Math.max(box[2 + i % 2], part[i]);
                }
            }
            return parts.isEmpty() ? Boxes.of(0, 0, 0, 0) : Boxes.of(box);
        }
    }
}
