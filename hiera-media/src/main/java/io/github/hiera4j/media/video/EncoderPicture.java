package io.github.hiera4j.media.video;

import io.github.hiera4j.media.Rgb8Image;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Converts RGB images to the pictures of an encoder. */
final class EncoderPicture {
    private EncoderPicture() {}

    /**
     * Converts with BT.601 in the limited range, with chroma averaged over two by two pixels. Whole planes are copied, because each byte
     * would need a native call.
     */
    static void fill(AVFrame picture, Rgb8Image image) {
        byte[] rgb = image.bytes();
        int width = image.width();
        int line = picture.linesize(0);
        byte[] luma = new byte[image.height() * line];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < width; x++) {
                int at = 3 * (y * width + x);
                double value = 16
                        + (65.481 * (rgb[at] & 0xff) + 128.553 * (rgb[at + 1] & 0xff) + 24.966 * (rgb[at + 2] & 0xff))
                                / 255;
                luma[y * line + x] = (byte) Math.round(value);
            }
        }
        plane(picture, 0).put(luma, 0, luma.length);
        fillChroma(picture, image);
    }

    private static void fillChroma(AVFrame picture, Rgb8Image image) {
        byte[] rgb = image.bytes();
        int width = image.width();
        int line = picture.linesize(1); // the same as that of plane 2
        byte[] blue = new byte[image.height() / 2 * line];
        byte[] red = new byte[image.height() / 2 * line];
        double[] mean = new double[3];
        for (int y = 0; y < image.height(); y += 2) {
            for (int x = 0; x < width; x += 2) {
                Arrays.fill(mean, 0);
                for (int pixel = 0; pixel < 4; pixel++) {
                    int at = 3 * ((y + pixel / 2) * width + x + pixel % 2);
                    for (int channel = 0; channel < 3; channel++) {
                        mean[channel] += (rgb[at + channel] & 0xff) / 1020.0;
                    }
                }
                double cb = 128 - 37.797 * mean[0] - 74.203 * mean[1] + 112 * mean[2];
                double cr = 128 + 112 * mean[0] - 93.786 * mean[1] - 18.214 * mean[2];
                blue[y / 2 * line + x / 2] = (byte) Math.round(cb);
                red[y / 2 * line + x / 2] = (byte) Math.round(cr);
            }
        }
        plane(picture, 1).put(blue, 0, blue.length);
        plane(picture, 2).put(red, 0, red.length);
    }

    private static BytePointer plane(AVFrame picture, int number) {
        return new BytePointer((Pointer) picture.data(number));
    }
}
