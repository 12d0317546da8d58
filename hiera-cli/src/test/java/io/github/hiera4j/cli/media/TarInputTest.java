package io.github.hiera4j.cli.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.testing.TestFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarInputTest {
    private static final Path WEIGHTS = TestFiles.checkpoint("nano_official.pth");

    @TempDir
    private Path directory;

    private static byte[] picture(int seed) throws IOException {
        BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            picture.setRGB(i, (seed * i) % 64, 0xffffff);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", bytes);
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Test
    void picturesInTarFilesAreEmbeddedAsTheirFilesAre() throws IOException {
        Path shard = directory.resolve("0.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(shard))) {
            add(tar, "a/0.png", picture(3));
            add(tar, "a/0.cls", new byte[] {'1'});
            add(tar, "a/1.png", new byte[0]);
            add(tar, "a/2.png", picture(5));
        }
        Path cut = directory.resolve("1.tar");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(shard), 600));
        Path file = Files.write(directory.resolve("2.png"), picture(5));
        Path other = Files.write(directory.resolve("0.png"), picture(3));

        CommandRun files = CommandRun.of("embed", other, file, "--weights", WEIGHTS);
        CommandRun shards = CommandRun.of("embed", shard, cut, "--weights", WEIGHTS);

        assertThat(files.exitCode()).as(files.err()).isZero();
        assertThat(shards.exitCode()).isEqualTo(1);
        assertThat(shards.err())
                .contains(shard + "!a/1.png: the file is empty")
                .contains(cut + ": ends too early: it was cut off");
        assertThat(vectors(shards)).isEqualTo(vectors(files));
        assertThat(shards.lines().get(1)).contains("0.tar!a/2.png");
    }

    private static List<String> vectors(CommandRun run) {
        return run.lines().stream()
                .map(line -> line.substring(line.indexOf("\"embedding\"")))
                .toList();
    }

    @Test
    void featuresAreWrittenToFilesAndTakeNoTarFiles() throws IOException {
        Path shard = directory.resolve("0.tar");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(shard))) {
            add(tar, "../../0.png", picture(3));
        }
        CommandRun run = CommandRun.of("features", shard, "--weights", WEIGHTS, "--out", directory.resolve("out"));
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("0.tar: neither an image nor a video");
    }
}
