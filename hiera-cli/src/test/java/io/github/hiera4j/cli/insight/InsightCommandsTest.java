package io.github.hiera4j.cli.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InsightCommandsTest {
    private static final Path IMAGE_MODEL = TestFiles.checkpoint("nano_official.pth");
    private static final Path VIDEO_MODEL = TestFiles.checkpoint("nano_video_official.pth");
    private static final Path AUTOENCODER = TestFiles.checkpoint("mae_nano_official.pth");

    @TempDir
    Path directory;

    private Path picture;
    private Path film;
    private Path out;

    @BeforeEach
    void copyFiles() throws IOException {
        picture = Files.copy(TestFiles.resource("/media/portrait.png"), directory.resolve("a picture, 1.png"));
        film = Files.copy(TestFiles.resource("/media/short_7f.mp4"), directory.resolve("film.mp4"));
        out = directory.resolve("new").resolve("results");
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> name.substring(name.contains("picture") ? name.indexOf("a picture") : 0))
                    .sorted()
                    .toList();
        }
    }

    private JsonNode json(String name) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(out.resolve(name)));
    }

    private Path onlyFile(String ending) throws IOException {
        try (Stream<Path> files = Files.list(out)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void reconstructWritesPictureArraysFiguresAndPage() throws IOException {
        CommandRun run = CommandRun.of(
                "reconstruct",
                picture,
                "--weights",
                AUTOENCODER,
                "--out",
                out,
                "--png",
                "--html",
                "--json",
                "--npy",
                "--seeds",
                2);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(written())
                .containsExactly(
                        "a picture, 1.png.error.npy",
                        "a picture, 1.png.png",
                        "a picture, 1.png.reconstruction.npy",
                        "reconstruct.html",
                        "reconstruct.json");
        assertThat(run.lines()).hasSize(5);
        assertThat(json("reconstruct.json").path(0).path("loss").asDouble()).isGreaterThan(0);
        assertThat(ImageReader.read(onlyFile("1.png.png")).width()).isGreaterThan(7 * 224);
    }

    @Test
    void aFilmGetsMapsForEveryStepAndVideosAreWrittenWithEvenSides() throws IOException {
        CommandRun run = CommandRun.of("attention", film, "--weights", VIDEO_MODEL, "--out", out, "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode first = json("attention.json").path(0);
        assertThat(first.path("steps").asInt()).isGreaterThan(1);
        assertThat(first.path("timesEven").size()).isEqualTo(first.path("steps").asInt());
        List<Rgb8Image> pictures = List.of(frame(40), frame(200));
        Path video = directory.resolve("own.mp4");
        VideoFile.write(video, pictures, 250);
        try (VideoReader reader = VideoReader.open(video)) {
            assertThat(reader.info().width()).isEqualTo(34); // odd sides get a column more
            assertThat(reader.framesAt(0).get(0).sample(10, 10, 1)).isBetween(34, 46);
        }
    }

    private static Rgb8Image frame(int grey) {
        byte[] rgb = new byte[33 * 21 * 3];
        java.util.Arrays.fill(rgb, (byte) grey);
        return Rgb8Image.wrap(33, 21, rgb);
    }

    @Test
    void attentionOfAQueryInOneHeadIsWrittenForTheBlocksThatAreNamed() throws IOException {
        CommandRun run = CommandRun.of(
                "attention",
                picture,
                "--weights",
                IMAGE_MODEL,
                "--out",
                out,
                "--block",
                "0,1",
                "--head",
                0,
                "--query",
                "40,8",
                "--no-rollout",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode rows = json("attention.json");
        assertThat(rows.size()).isEqualTo(2);
        JsonNode values = rows.path(0).path("timesEven").path(0);
        double sum = 0;
        for (int i = 0; i < values.size(); i++) {
            boolean inside = i / 16 < 8 && i % 16 >= 8; // the mask unit in the upper right corner
            assertThat(values.path(i).asDouble() > 0).isEqualTo(inside);
            sum += values.path(i).asDouble();
        }
        assertThat(sum / 64).isBetween(0.9999, 1.0001);
    }

    @Test
    void faultsOfACallAreOneLineAndFilesThatFailAreLeftOut() throws IOException {
        CommandRun decoder = CommandRun.of("reconstruct", picture, "--weights", IMAGE_MODEL, "--out", out);
        assertThat(decoder.exitCode()).isEqualTo(1);
        assertThat(decoder.err().strip()).contains("has no decoder").doesNotContain("\n");
        CommandRun query = CommandRun.of("attention", picture, "--weights", IMAGE_MODEL, "--out", out, "--query", "9");
        assertThat(query.err().strip()).contains("expected a pixel as X,Y").doesNotContain("\n");
        CommandRun size =
                CommandRun.of("attention", picture, "--weights", IMAGE_MODEL, "--out", out, "--size", "native");
        assertThat(size.err().strip()).contains("needs one size for all files").doesNotContain("\n");
        Path broken = Files.writeString(directory.resolve("broken.png"), "no picture");
        CommandRun mixed = CommandRun.of("attention", broken, picture, "--weights", IMAGE_MODEL, "--out", out);
        assertThat(mixed.exitCode()).isEqualTo(1);
        assertThat(mixed.err()).contains("broken.png");
        assertThat(written()).containsExactly("a picture, 1.png.png");
    }
}
