package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Framing;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Takes the largest part of each frame with the input's aspect ratio, crops it to a fraction of its size and resizes it; nothing is
 * random.
 *
 * @param height rows of the network's input
 * @param width columns of the network's input
 * @param share fraction of the largest rectangle's sides that is shown: 224 / 256 for ImageNet
 * @param place of the part in the remaining space: 0 start, 0.5 centre, 1 end
 */
public record TestTransform(
        int height, int width, double share, double place, Interpolation interpolation, Normalisation normalisation)
        implements SampleTransform {

    @Override
    public void write(List<Rgb8Image> frames, FloatBuffer target, int offset, RandomGenerator random) {
        new PixelWriter(normalisation).write(frames.stream().map(this::pixels).toList(), target, offset);
    }

    /**
     * {@return the part of a picture that the network sees, before normalisation}
     *
     * @param image the picture
     */
    public Rgb8Image pixels(Rgb8Image image) {
        if (image.width() == width && image.height() == height && share == 1) {
            return image;
        }
        Framing framing = new Framing.CropThenResize(share);
        return new ImagePreprocess(height, width, framing, interpolation, normalisation).pixels(image, place);
    }
}
