package io.github.hiera4j.cli.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.mask.RunLengthMask;
import io.github.hiera4j.model.testing.TestFiles;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SegmentCommandTest {
    private static final Path WEIGHTS = TestFiles.checkpoint("sam2_nano_hf");

    @TempDir
    Path directory;

    private Path picture;

    @BeforeEach
    void drawPicture() throws IOException {
        BufferedImage image = new BufferedImage(80, 60, BufferedImage.TYPE_INT_RGB);
        image.createGraphics().fillRect(20, 10, 30, 25);
        picture = directory.resolve("picture.png");
        File target = picture.toFile();
        assertThat(ImageIO.write(image, "png", target)).isTrue();
    }

    @Test
    void aPromptGivesOneMaskAsPictureAndAsRuns() throws IOException {
        Path mask = directory.resolve("mask.png");
        Path json = directory.resolve("masks.json");
        CommandRun drawn = CommandRun.of(
                "segment", picture, "--weights", WEIGHTS, "--point", "30,20", "--point", "70,50:0", "--out", mask);
        CommandRun written = CommandRun.of(
                "segment", picture, "--weights", WEIGHTS, "--point", "30,20", "--point", "70,50:0", "--out", json);
        assertThat(drawn.exitCode()).as(drawn.err()).isZero();
        assertThat(written.exitCode()).as(written.err()).isZero();
        assertThat(drawn.lines()).hasSize(2);
        JsonNode file = JsonMapper.shared().readTree(Files.readString(json));
        JsonNode only = file.path("annotations").path(0);
        assertThat(file.path("image").path("width").asInt()).isEqualTo(80);
        RunLengthMask runs = RunLengthMask.parse(
                60, 80, only.path("segmentation").path("counts").asString());
        assertThat(runs.area()).isEqualTo(only.path("area").asLong());
        Rgb8Image white = ImageReader.read(mask);
        byte[] pixels = runs.pixels();
        for (int i = 0; i < pixels.length; i++) {
            assertThat(white.sample(i % 80, i / 80, 1)).isEqualTo(pixels[i] * 255);
        }
    }

    @Test
    void everythingIsWrittenAsCocoAndOverlay() throws IOException {
        Path json = directory.resolve("all.json");
        Path overlay = directory.resolve("all.png");
        CommandRun run = CommandRun.of(
                "segment",
                picture,
                "--weights",
                WEIGHTS,
                "--automatic",
                "--points-per-side",
                "4",
                "--min-quality",
                "0.2",
                "--min-stability",
                "0",
                "--out",
                json,
                "--overlay",
                overlay,
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode annotations =
                JsonMapper.shared().readTree(Files.readString(json)).path("annotations");
        assertThat(annotations.size()).isPositive().isEqualTo(run.lines().size());
        assertThat(ImageReader.read(overlay).width()).isEqualTo(80);
    }

    @Test
    void wrongCallsAreOneLineAndWriteNothing() {
        Path out = directory.resolve("out.png");
        assertRefused("nothing to segment", "--out", out);
        assertRefused("outside the image", "--point", "81,5", "--out", out);
        assertRefused("is not a number", "--point", "x,5", "--out", out);
        assertRefused("two numbers", "--point", "NaN,5", "--out", out);
        assertRefused("2 numbers", "--point", "5", "--out", out);
        assertRefused("first --point must be on the object", "--point", "5,5:0", "--out", out);
        assertRefused("left < right", "--box", "9,9,3,20", "--out", out);
        assertRefused("must end with .png or .json", "--point", "5,5", "--out", directory.resolve("mask.txt"));
        assertRefused("--automatic cannot be combined", "--automatic", "--point", "5,5");
        assertRefused("need --automatic", "--point", "5,5", "--crop-layers", "1");
        assertThat(out).doesNotExist();
    }

    private void assertRefused(String reason, Object... arguments) {
        Object[] all = new Object[arguments.length + 4];
        all[0] = "segment";
        all[1] = picture;
        all[2] = "--weights";
        all[3] = WEIGHTS;
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        CommandRun run = CommandRun.of(all);
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err().lines().toList()).hasSize(1).allMatch(line -> line.contains(reason));
    }

    @Test
    void aClassifiersWeightsAreNoSegmentationModel() {
        CommandRun run = CommandRun.of(
                "segment", picture, "--weights", TestFiles.checkpoint("nano_official.pth"), "--point", "5,5");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("not a SAM 2 model");
    }
}
