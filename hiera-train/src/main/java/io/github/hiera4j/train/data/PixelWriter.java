package io.github.hiera4j.train.data;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/** Normalised pixels in the order of a network's input: channel, frame, row, column. */
final class PixelWriter {
    private final float[][] tables = new float[3][256];

    PixelWriter(Normalisation normalisation) {
        for (int channel = 0; channel < 3; channel++) {
            double mean = normalisation.mean().get(channel);
            double deviation = normalisation.std().get(channel);
            for (int value = 0; value < 256; value++) {
                tables[channel][value] = (float) ((value / 255.0 - mean) / deviation);
            }
        }
    }

    void write(List<Rgb8Image> frames, FloatBuffer target, int offset) {
        int area = frames.get(0).width() * frames.get(0).height();
        float[] plane = new float[area];
        for (int frame = 0; frame < frames.size(); frame++) {
            ByteBuffer rgb = frames.get(frame).rgb();
            for (int channel = 0; channel < 3; channel++) {
                float[] table = tables[channel];
                for (int pixel = 0; pixel < area; pixel++) {
                    plane[pixel] = table[rgb.get(3 * pixel + channel) & 0xff];
                }
                target.put(offset + (channel * frames.size() + frame) * area, plane);
            }
        }
    }
}
