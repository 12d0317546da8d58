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
            assertThat(reader.info().width()).isEqualTo(34); // odd widths get one more column
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

    @Test
    void explainPrintsCurvesAndSumsThatAgree() throws IOException {
        CommandRun run = CommandRun.of(
                "explain",
                picture,
                "--weights",
                IMAGE_MODEL,
                "--out",
                out,
                "--class",
                1,
                "--method",
                "grad-cam,occlusion",
                "--png",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("Grad-CAM").contains("occlusion").contains("random order");
        JsonNode rows = json("explain.json");
        assertThat(rows.size()).isEqualTo(3);
        JsonNode deletion = rows.path(0).path("deletion");
        assertThat(deletion.path(0).asDouble())
                .isEqualTo(rows.path(1).path("deletion").path(0).asDouble());
        CommandRun unknown =
                CommandRun.of("explain", picture, "--weights", IMAGE_MODEL, "--out", out, "--class", "no such class");
        assertThat(unknown.err().strip()).contains("--class must be 0 to").doesNotContain("\n");
    }

    @Test
    void pcaAndSimilarWritePicturesOfAllFiles() throws IOException {
        CommandRun pca =
                CommandRun.of("pca", picture, film, "--weights", IMAGE_MODEL, "--out", out, "--stage", 1, "--npy");
        assertThat(pca.exitCode()).as(pca.err()).isZero();
        assertThat(pca.lines()).hasSize(2);
        CommandRun similar = CommandRun.of(
                "similar",
                picture,
                "10,50",
                picture,
                film,
                "--weights",
                IMAGE_MODEL,
                "--out",
                out,
                "--stage",
                1,
                "--json");
        assertThat(similar.exitCode()).as(similar.err()).isZero();
        JsonNode same = json("similar.json").path(1);
        assertThat(same.path("cosine").asDouble()).isGreaterThan(0.9999);
        assertThat(same.path("x").asInt()).isBetween(8, 11); // the middle of the patch that contains the pixel
        assertThat(same.path("y").asInt()).isBetween(48, 51);
    }

    @Test
    void anIndexFindsItsOwnFilesFirstAndRefusesOtherWeights() throws IOException {
        Path index = directory.resolve("index.safetensors");
        Path files = Files.createDirectory(directory.resolve("files"));
        Files.copy(picture, files.resolve("a.png"));
        Files.copy(picture, files.resolve("b.png"));
        Files.copy(film, files.resolve("c.mp4"));
        CommandRun build = CommandRun.of("search", "build", files, index, "--weights", IMAGE_MODEL);
        assertThat(build.exitCode()).as(build.err()).isZero();
        CommandRun found = CommandRun.of("search", picture, index, "--weights", IMAGE_MODEL, "--out", out);
        assertThat(found.exitCode()).as(found.err()).isZero();
        assertThat(found.lines().get(1)).contains("1.0000").contains("a.png");
        assertThat(found.lines().get(3)).contains("c.mp4");
        assertThat(CommandRun.of("search", "duplicates", index, "--above", 0.9999)
                        .lines())
                .containsExactly(
                        files.resolve("a.png").toString(),
                        files.resolve("b.png").toString());
        CommandRun other = CommandRun.of("search", picture, index, "--weights", VIDEO_MODEL);
        assertThat(other.err().strip()).contains("other weights").doesNotContain("\n");
        assertThat(CommandRun.of("search", picture).exitCode()).isEqualTo(2);
    }

    @Test
    void aMapIsOnePageThatLoadsNothing() throws IOException {
        CommandRun run = CommandRun.of("map", picture, film, "--weights", IMAGE_MODEL, "--out", out, "--json", "--png");
        assertThat(run.exitCode()).as(run.err()).isZero();
        String html = Files.readString(out.resolve("map.html"));
        assertThat(html.split("<img ", -1)).hasSize(3);
        assertThat(html).doesNotContain("http:").doesNotContain("https:");
        assertThat(json("map.json").path("files").size()).isEqualTo(2);
        assertThat(html).doesNotContain(directory.toString());
        assertThat(ImageReader.read(out.resolve("map.png")).width()).isGreaterThan(1280);
    }

    @Test
    void aTimelineIsWrittenAsTableSubtitlesAndPage() throws IOException {
        CommandRun run = CommandRun.of(
                "timeline",
                film,
                "--weights",
                VIDEO_MODEL,
                "--out",
                out,
                "--window",
                "100ms",
                "--every",
                "0.1s",
                "--smooth",
                0,
                "--shortest",
                0,
                "--html",
                "--png",
                "--npy",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode row = json("timeline.json").path(0);
        assertThat(ImageReader.read(onlyFile("film.mp4.png")).width()).isEqualTo(1280);
        assertThat(Files.size(onlyFile("film.mp4.windows.npy")))
                .isEqualTo(128 + 4L * 2 * 5 * row.path("steps").size());
        Path table = onlyFile("film.mp4.csv");
        assertThat(Files.readAllLines(table)).hasSize(1 + 5 * row.path("steps").size());
        assertThat(Files.readString(onlyFile("film.mp4.srt"))).startsWith("1\n00:00:00,000 --> 00:00:0");
        assertThat(Files.readString(out.resolve("timeline.html")))
                .contains("class='strip'")
                .doesNotContain("https:");
        CommandRun wrong = CommandRun.of("timeline", film, "--weights", VIDEO_MODEL, "--out", out, "--window", "long");
        assertThat(wrong.err().strip()).contains("--window must be a time").doesNotContain("\n");
        CommandRun still = CommandRun.of("timeline", picture, "--weights", VIDEO_MODEL, "--out", out);
        assertThat(still.err()).contains("expected a video");
    }
}
