package io.github.hiera4j.cli.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.detect.coco.CocoResults;
import io.github.hiera4j.detect.testing.NanoDetectorFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectCommandTest {
    @TempDir
    Path directory;

    @BeforeEach
    void writeADetectorAndAPicture() throws IOException {
        NanoDetectorFile.write(directory.resolve("weights"));
        BufferedImage picture = new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB);
        for (int at = 0; at < 80 * 60; at++) {
            picture.setRGB(at % 80, at / 80, at * 7919);
        }
        ImageIO.write(picture, "png", directory.resolve("a.png").toFile());
        Files.writeString(directory.resolve("broken.jpg"), "no picture");
    }

    @Test
    void objectsArePrintedWrittenAsCocoResultsAndDrawn() throws IOException {
        Path coco = directory.resolve("out.json");
        CommandRun run = CommandRun.of(
                "detect",
                directory.resolve("a.png").toString(),
                directory.resolve("broken.jpg").toString(),
                "--weights",
                directory.resolve("weights").toString(),
                "--threshold",
                "0.2",
                "--json",
                "--coco",
                coco.toString(),
                "--draw",
                directory.resolve("drawn").toString());

        assertThat(run.exitCode()).isEqualTo(1); // one file is broken
        assertThat(run.err()).contains("broken.jpg");
        assertThat(run.out()).startsWith("{\"file\":").contains("\"height\":60", "\"width\":80");
        assertThat(CocoResults.read(coco)).isNotEmpty().allSatisfy(result -> {
            assertThat(result.imageId()).isEqualTo(1);
            assertThat(result.categoryId()).isIn(17L, 18L);
            assertThat(result.score()).isGreaterThan(.2);
        });
        try (Stream<Path> drawn = Files.list(directory.resolve("drawn"))) {
            BufferedImage picture = ImageIO.read(drawn.findFirst().orElseThrow().toFile());
            assertThat(picture.getWidth()).isEqualTo(640); // 80 pixels enlarged, so that labels can be read
            assertThat(picture.getHeight()).isEqualTo(480);
        }
    }

    @Test
    void weightsWithoutADetectorAreRefusedInOneLine() {
        CommandRun run = CommandRun.of(
                "detect",
                directory.resolve("a.png").toString(),
                "--weights",
                directory.resolve("broken.jpg").toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().strip().lines()).hasSize(1);
    }
}
