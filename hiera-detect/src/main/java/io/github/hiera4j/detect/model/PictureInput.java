package io.github.hiera4j.detect.model;

import io.github.hiera4j.detect.coco.TestSize;
import io.github.hiera4j.detect.model.MaskRcnnInference.Extent;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.resample.Resampler;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Converts an image to the network's input: resized, normalised, and padded with zeros at the bottom and right.
 *
 * @param config provides sizes and rules
 * @param normalisation normalisation of the pixels
 */
public record PictureInput(MaskRcnnConfig config, Normalisation normalisation) {

    /**
     * {@return the size of an image inside the network's input}
     *
     * @param height in pixels
     * @param width in pixels
     */
    public Extent extent(int height, int width) {
        InputRules rules = config.input();
        int limit = rules.square() ? Math.min(rows(), columns()) : Integer.MAX_VALUE;
        int shortest = Math.min(rules.shortest(), limit);
        int longest = Math.min(rules.longest(), limit);
        if (rules.filtered()) {
            TestSize resized = TestSize.of(height, width, shortest, longest);
            return new Extent(Math.max(1, resized.height()), Math.max(1, resized.width()));
        }
        double scale =
                Math.min((double) shortest / Math.min(height, width), (double) longest / Math.max(height, width));
        return new Extent(Math.max(1, (int) Math.floor(height * scale)), Math.max(1, (int) Math.floor(width * scale)));
    }

    /**
     * {@return height and width of the network's input for an image, in pixels: the trunk's size if images are padded to a square,
     * otherwise the size of the image after resizing, rounded up to multiples that the trunk supports}
     *
     * @param height height of the image in pixels
     * @param width width of the image in pixels
     */
    public List<Integer> paddedSize(int height, int width) {
        if (config.input().square()) {
            return config.trunk().inputSize();
        }
        Extent extent = extent(height, width);
        int multiple = config.trunk().multiple();
        return List.of(roundedUp(extent.height(), multiple), roundedUp(extent.width(), multiple));
    }

    private static int roundedUp(int length, int multiple) {
        return (length + multiple - 1) / multiple * multiple;
    }

    private int rows() {
        return config.trunk().inputSize().get(0);
    }

    private int columns() {
        return config.trunk().inputSize().get(1);
    }

    /**
     * Writes one image.
     *
     * @param image the image
     * @param target zeros, with the size of the network's input
     * @param offset position of the image's first value
     */
    public void write(Rgb8Image image, FloatBuffer target, int offset) {
        Extent extent = extent(image.height(), image.width());
        if (config.input().filtered()) {
            Rgb8Image resized = Resampler.resize(image, Interpolation.BILINEAR, extent.width(), extent.height());
            place(resized, target, offset);
        } else {
            interpolate(image, extent, target, offset);
        }
    }

    /**
     * Normalises and pads an image that is already resized.
     *
     * @param image the image
     * @param target the buffer, filled channel by channel
     * @param offset start of the sample in the buffer, in elements
     */
    public void place(Rgb8Image image, FloatBuffer target, int offset) {
        int rows = rows();
        int columns = columns();
        for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
            for (int y = 0; y < Math.min(rows, image.height()); y++) {
                int at = offset + (channel * rows + y) * columns;
                for (int x = 0; x < Math.min(columns, image.width()); x++) {
                    target.put(at + x, normalised(image.sample(x, y, channel), channel));
                }
            }
        }
    }

    private float normalised(double sample, int channel) {
        float shift = normalisation.mean().get(channel).floatValue();
        float scale = normalisation.std().get(channel).floatValue();
        return ((float) sample / 255f - shift) / scale;
    }

    /** Interpolates bilinearly, without a filter, between the four pixels around the centre of each new pixel. */
    private void interpolate(Rgb8Image image, Extent extent, FloatBuffer target, int offset) {
        int rows = rows();
        int columns = columns();
        double stepY = (double) image.height() / extent.height();
        double stepX = (double) image.width() / extent.width();
        for (int y = 0; y < extent.height(); y++) {
            double atY = Math.max(0, (y + .5) * stepY - .5);
            int top = Math.min((int) atY, image.height() - 1);
            int bottom = Math.min(top + 1, image.height() - 1);
            for (int x = 0; x < extent.width(); x++) {
                double atX = Math.max(0, (x + .5) * stepX - .5);
                int left = Math.min((int) atX, image.width() - 1);
                int right = Math.min(left + 1, image.width() - 1);
                for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
                    double upper =
                            mixed(image.sample(left, top, channel), image.sample(right, top, channel), atX - left);
                    double lower = mixed(
                            image.sample(left, bottom, channel), image.sample(right, bottom, channel), atX - left);
                    float value = normalised(mixed(upper, lower, atY - top), channel);
                    target.put(offset + (channel * rows + y) * columns + x, value);
                }
            }
        }
    }

    private static double mixed(double first, double second, double share) {
        return first + (second - first) * share;
    }
}
