package io.github.hiera4j.cli.insight;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Mp4Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes images as a video file, atomically. */
final class VideoFile {
    private VideoFile() {}

    /** @param milliseconds duration of each image; rounded, because a video has a whole number of frames per second */
    static void write(Path target, List<Rgb8Image> pictures, int milliseconds) {
        int rate = Math.max(1, (int) Math.rint(1000.0 / milliseconds));
        Mp4Writer.write(target, pictures.stream().map(VideoFile::even).toList(), rate);
    }

    /** Adds a white row or column to odd sides, because videos need even ones. */
    private static Rgb8Image even(Rgb8Image picture) {
        int width = picture.width() + picture.width() % 2;
        int height = picture.height() + picture.height() % 2;
        if (width == picture.width() && height == picture.height()) {
            return picture;
        }
        byte[] rgb = new byte[width * height * Rgb8Image.CHANNELS];
        Arrays.fill(rgb, (byte) 255);
        byte[] source = picture.toByteArray();
        int row = picture.width() * Rgb8Image.CHANNELS;
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(source, y * row, rgb, y * width * Rgb8Image.CHANNELS, row);
        }
        return Rgb8Image.wrap(width, height, rgb);
    }
}
