package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.resample.Crop;
import java.nio.FloatBuffer;

/**
 * The rule of the Kinetics models: a frame is normalised, then resized with bilinear interpolation without antialiasing. For one crop,
 * it is resized to cover 256/224 of the input size and cropped at the centre; for three crops, it is resized to cover the input size.
 */
public record KineticsFrames(int height, int width, Normalisation normalisation) implements FramePreprocess {
    private static final int LARGEST_SIDE = 1 << 13;

    /**
     * Checks the values.
     *
     * @param height in pixels
     * @param width in pixels
     * @param normalisation mean and standard deviation of the pixels
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public KineticsFrames {
        check(
                height > 0 && width > 0 && height <= LARGEST_SIDE && width <= LARGEST_SIDE,
                "the input size must be 1 to %d pixels, got %d x %d",
                LARGEST_SIDE,
                height,
                width);
    }

    @Override
    public void write(Rgb8Image frame, int crop, int crops, FloatBuffer target, int offset, int planeStep) {
        Crop part = crops == 1
                ? Crop.covering(frame, (int) (width * 256L / 224), (int) (height * 256L / 224), width, height, 0.5)
                : Crop.covering(frame, width, height, width, height, crop / 2.0);
        BilinearResize.run(frame, part, normalisation, (y, planes) -> {
            for (int channel = 0; channel < Rgb8Image.CHANNELS; channel++) {
                target.put(offset + channel * planeStep + y * width, planes, channel * width, width);
            }
        });
    }
}
