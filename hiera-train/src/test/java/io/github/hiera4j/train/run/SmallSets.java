package io.github.hiera4j.train.run;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.optimize.Randomness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Small data sets in files. */
final class SmallSets {
    private static final int FRAMES = 45; // longer than a clip, so that clips differ

    private SmallSets() {}

    /** Writes videos of 32 × 32 pixels whose frames have different colours. */
    static Dataset videos(Path directory, int training, int validation) {
        List<FileSource.Labelled> files = new ArrayList<>();
        for (int i = 0; i < training + validation; i++) {
            Path file = directory.resolve("clip" + i + ".mp4");
            write(file, Randomness.of(7, i));
            files.add(new FileSource.Labelled(file, i % 2));
        }
        return new Dataset(
                directory.toString(),
                List.of("a", "b"),
                new FileSource(files.subList(0, training)),
                new FileSource(files.subList(training, files.size())));
    }

    private static void write(Path file, RandomGenerator random) {
        List<Rgb8Image> frames = new ArrayList<>();
        for (int frame = 0; frame < FRAMES; frame++) {
            byte[] rgb = new byte[3 * 32 * 32];
            Arrays.fill(rgb, (byte) random.nextInt(256)); // noise would make the encoder drop frames
            frames.add(Rgb8Image.wrap(32, 32, rgb));
        }
        Mp4Writer.write(file, frames, 30);
    }
}
