package io.github.hiera4j.api.internal;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Converts normalised pixels back to pictures. */
public final class ViewPictures {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    private ViewPictures() {}

    /**
     * Converts one view; values outside 0 to 255 are clamped.
     *
     * @param view float32 {@code [1, 3, (T,) H, W]}
     * @param normal the mean and deviation of its normalisation
     * @return one picture per frame
     */
    public static List<Rgb8Image> of(HostTensor view, Normalisation normal) {
        Shape shape = view.shape();
        int height = shape.size(-2);
        int width = shape.size(-1);
        int frames = shape.rank() == 5 ? shape.size(2) : 1;
        float[] values = view.toFloats();
        List<Rgb8Image> pictures = new ArrayList<>();
        for (int frame = 0; frame < frames; frame++) {
            byte[] rgb = new byte[height * width * CHANNELS];
            for (int channel = 0; channel < CHANNELS; channel++) {
                double mean = normal.mean().get(channel);
                double deviation = normal.std().get(channel);
                int start = (channel * frames + frame) * height * width;
                for (int i = 0; i < height * width; i++) {
                    double sample = Math.rint(255 * (values[start + i] * deviation + mean));
                    rgb[i * CHANNELS + channel] = (byte) Math.max(0, Math.min(255, sample));
                }
            }
            pictures.add(Rgb8Image.wrap(width, height, rgb));
        }
        return pictures;
    }
}
