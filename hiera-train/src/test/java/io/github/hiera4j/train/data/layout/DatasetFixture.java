package io.github.hiera4j.train.data.layout;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.train.optimize.Randomness;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;

/** Writes the files of data sets into a temporary directory. */
abstract class DatasetFixture {
    @TempDir
    Path root;

    final void somethingSomething(String train) throws IOException {
        Files.writeString(
                root.resolve("labels.json"), "{\"Dropping something\":\"0\",\"Pushing something left\":\"1\"}");
        Files.writeString(root.resolve("train.json"), train);
    }

    final void pictures(String directory, int count) throws IOException {
        Path target = Files.createDirectories(root.resolve(directory));
        for (int i = 0; i < count; i++) {
            Files.write(target.resolve(String.format(Locale.ROOT, "%02d.png", i)), picture(i));
        }
    }

    static byte[] picture(int seed) throws IOException {
        BufferedImage image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        image.setRGB(seed % 24, 3, 0xff8040);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    final void clip(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        byte[] rgb = new byte[3 * 32 * 32];
        Randomness.of(1).nextBytes(rgb);
        List<Rgb8Image> frames =
                Stream.generate(() -> Rgb8Image.wrap(32, 32, rgb)).limit(8).toList();
        Path written = root.resolve(".clip.mp4");
        Mp4Writer.write(written, frames, 8);
        Files.move(written, file);
    }
}
