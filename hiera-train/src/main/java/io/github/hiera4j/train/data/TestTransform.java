package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Interpolation;
import io.github.hiera4j.media.Normalisation;
import io.github.hiera4j.media.Resampler;
import io.github.hiera4j.media.Rgb8Image;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The centre of each frame, as large as fits the input's ratio, cropped to a share of it and resized; nothing random.
 *
 * @param height rows of the network's input
 * @param width columns of the network's input
 * @param share of the largest central rectangle that is shown, per side: 224 / 256 for ImageNet
 */
public record TestTransform(
        int height, int width, double share, Interpolation interpolation, Normalisation normalisation)
        implements SampleTransform {

    @Override
    public void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random) {
        new PixelWriter(normalisation).write(frames.stream().map(this::pixels).toList(), target, offset);
    }

    /** What the network sees of a picture, before normalisation. */
    public Rgb8Image pixels(Rgb8Image image) {
        double scale = Math.min(image.width() / (double) width, image.height() / (double) height) * share;
        double cropWidth = scale * width;
        double cropHeight = scale * height;
        if (image.width() == width && image.height() == height && share == 1) {
            return image;
        }
        double left = (image.width() - cropWidth) / 2;
        double top = (image.height() - cropHeight) / 2;
        return Resampler.resize(image, interpolation, left, top, left + cropWidth, top + cropHeight, width, height);
    }
}
