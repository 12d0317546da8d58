package io.github.hiera4j.cli.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.safetensors.SafetensorsFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands for images and videos that this test draws or copies into its own directory. */
class MediaCommandsTest {
    private static final Path IMAGE_MODEL = TestFiles.checkpoint("nano_official.pth");
    private static final Path VIDEO_MODEL = TestFiles.checkpoint("nano_video_official.pth");

    @TempDir
    Path directory;

    private Path picture;
    private Path film;

    @BeforeEach
    void fillTheDirectory() throws IOException {
        picture = Files.copy(TestFiles.resource("/media/portrait.png"), directory.resolve("a picture, 1.png"));
        film = Files.copy(TestFiles.resource("/media/short_7f.mp4"), directory.resolve("film.mp4"));
        Files.writeString(directory.resolve("notes.txt"), "not a picture");
    }

    private static JsonNode json(String line) {
        return JsonMapper.shared().readTree(line);
    }

    @Test
    void aDirectoryGivesItsPicturesAndFilmsInOrder() {
        CommandRun run = CommandRun.of("classify", directory, "--json", "--weights", IMAGE_MODEL);
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines().stream().map(line -> json(line).get("file").asString()))
                .containsExactly(picture.toString(), film.toString());
    }

    @Test
    void aGlobThatMatchesNothingFailsAndTheRestGoesOn() {
        CommandRun run = CommandRun.of(
                "classify", directory + "/*.webp", directory + "/*.png", "--weights", IMAGE_MODEL, "--top", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("*.webp: nothing matches").hasLineCount(1);
        assertThat(run.lines()).hasSize(2).first().isEqualTo(picture.toString());
    }

    @Test
    void aListComesFromStandardInput() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream((picture + "\n\n" + film + "\n").getBytes(StandardCharsets.UTF_8)));
        try {
            CommandRun run = CommandRun.of("classify", "-", "--json", "--weights", VIDEO_MODEL, "--clips", "2");
            assertThat(run.exitCode()).isZero();
            assertThat(run.lines()).hasSize(2);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void twoModelsShareTheFilesByKind() {
        CommandRun both = CommandRun.of(
                "classify", film, picture, film, "--json", "--weights", IMAGE_MODEL, "--weights", VIDEO_MODEL);
        assertThat(both.exitCode()).isZero();
        CommandRun alone = CommandRun.of("classify", film, "--json", "--weights", VIDEO_MODEL);
        assertThat(json(both.lines().get(0)).get("predictions"))
                .isEqualTo(json(alone.lines().get(0)).get("predictions"));
        assertThat(json(both.lines().get(2)).get("predictions"))
                .isEqualTo(json(alone.lines().get(0)).get("predictions"));
        CommandRun still = CommandRun.of("classify", picture, "--json", "--weights", IMAGE_MODEL);
        assertThat(json(both.lines().get(1)).get("predictions"))
                .isEqualTo(json(still.lines().get(0)).get("predictions"));
    }

    @Test
    void batchesChangeNothingButTheSpeed() {
        CommandRun single = CommandRun.of("classify", film, picture, "--csv", "--weights", VIDEO_MODEL);
        CommandRun batched =
                CommandRun.of("classify", film, picture, "--csv", "--weights", VIDEO_MODEL, "--batch", "8");
        assertThat(single.lines()).hasSize(11).first().isEqualTo("file,rank,index,label,probability");
        List<String> expected =
                single.lines().stream().map(MediaCommandsTest::withoutLastDigit).toList();
        assertThat(batched.lines().stream().map(MediaCommandsTest::withoutLastDigit))
                .isEqualTo(expected);
        assertThat(single.lines().get(6)).startsWith('"' + picture.toString() + '"'); // its name has a comma
    }

    private static String withoutLastDigit(String line) {
        return line.substring(0, line.length() - 1);
    }

    @Test
    void failFastStopsAtTheFirstFailure() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken.jpg"), "no picture");
        CommandRun run = CommandRun.of("classify", broken, picture, "--fail-fast", "--weights", IMAGE_MODEL);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("broken.jpg").hasLineCount(1);
    }

    @Test
    void embeddingsAreJsonLinesOrANumpyArrayOfUnitVectors() throws IOException {
        CommandRun lines = CommandRun.of("embed", picture, film, "--weights", IMAGE_MODEL);
        assertThat(lines.lines()).hasSize(2);
        JsonNode first = json(lines.lines().get(0)).get("embedding");
        assertThat(first.size()).isEqualTo(64);

        Path array = directory.resolve("vectors.npy");
        CommandRun run = CommandRun.of("embed", picture, film, "--out", array, "--normalize", "--weights", IMAGE_MODEL);
        assertThat(run.lines()).containsExactly(picture.toString(), film.toString());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(array)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new String(bytes.array(), 10, 70, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 64,), }");
        assertThat(bytes.capacity()).isEqualTo(128 + 2 * 64 * 4);
        double squares = 0;
        double dot = 0;
        for (int i = 0; i < 64; i++) {
            float element = bytes.getFloat(128 + i * 4);
            squares += element * element;
            dot += element * first.get(i).asDouble();
        }
        assertThat(squares).isBetween(0.9999, 1.0001);
        assertThat(dot).isPositive();
    }

    @Test
    void namedEmbeddingsAreOneFileWhoseEndingSaysItsFormat() throws IOException {
        Path target = directory.resolve("vectors.npz");
        CommandRun refused = CommandRun.of("embed", picture, "--out", directory.resolve("x.csv"), "-w", IMAGE_MODEL);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains(".npz, .safetensors or .npy").hasLineCount(1);

        CommandRun whole = CommandRun.of("embed", picture, film, "--out", target, "-w", IMAGE_MODEL);
        assertThat(whole.exitCode()).as(whole.err()).isZero();
        assertThat(whole.out()).isEmpty();
        byte[] expected = Files.readAllBytes(target);
        Files.delete(target);

        CommandRun again = CommandRun.of("embed", picture, film, "--out", target, "-w", IMAGE_MODEL);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(Files.readAllBytes(target)).isEqualTo(expected);
        Files.delete(target);
    }

    @Test
    void aModelOfTheOtherKindIsAWarningOnce() {
        CommandRun image = CommandRun.of("classify", picture, film, film, "-w", IMAGE_MODEL, "--top", "1");
        assertThat(image.exitCode()).isZero();
        assertThat(image.err())
                .contains("warning: " + film + " is a video, but the model is for images")
                .hasLineCount(1);
        CommandRun video = CommandRun.of("classify", film, picture, picture, "-w", VIDEO_MODEL, "--clips", "1");
        assertThat(video.err())
                .contains("warning: " + picture + " is an image, but the model is for videos")
                .hasLineCount(1);
    }

    @Test
    void missingWeightsAreAnsweredWithWhereWeightsComeFrom() {
        CommandRun missing = CommandRun.of("classify", picture, "-w", "hiera_bas_224");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.err())
                .contains("did you mean 'hiera_base_224'?", "hiera models", "hiera fetch")
                .hasLineCount(1);
    }

    @Test
    void theDirectoryOfARunStandsForItsModel() throws IOException {
        Path run = directory.resolve("run");
        Files.copy(IMAGE_MODEL, Files.createDirectories(run.resolve("model")).resolve("w.pth"));
        for (String command : List.of("classify", "embed")) {
            CommandRun whole = CommandRun.of(command, picture, "-w", run);
            assertThat(whole.out())
                    .isEqualTo(
                            CommandRun.of(command, picture, "-w", IMAGE_MODEL).out());
        }
        assertThat(CommandRun.of("inspect", run).exitCode()).isZero();
        assertThat(CommandRun.of("summary", "-w", run).exitCode()).isZero();
        Path encoder = directory.resolve("encoder");
        assertThat(CommandRun.of("convert", run, encoder, "--encoder").exitCode())
                .isZero();
        assertThat(CommandRun.of("inspect", encoder).out()).contains("classes     0", "all tensors fit");
        assertThat(CommandRun.of("embed", picture, "-w", encoder).out())
                .isEqualTo(CommandRun.of("embed", picture, "-w", IMAGE_MODEL).out());
    }

    @Test
    void featuresAreWrittenInSpatialOrderWithNamedAxes() throws IOException {
        Path out = directory.resolve("maps.safetensors");
        CommandRun run = CommandRun.of("features", film, "--out", out, "--weights", VIDEO_MODEL);
        assertThat(run.exitCode()).as(run.err()).isZero();
        try (SafetensorsFile maps = SafetensorsFile.open(out)) {
            assertThat(maps.names()).containsExactlyInAnyOrder("stage1", "stage2", "stage3", "stage4");
            assertThat(maps.info("stage1").shape()).hasToString("[2, 16, 16, 8]");
            assertThat(maps.metadata()).containsEntry("axes", "T,H,W,C");
        }
        Path array = directory.resolve("stage.npy");
        assertThat(CommandRun.of("features", picture, "--out", array, "--stage", "4", "--weights", IMAGE_MODEL)
                        .exitCode())
                .isZero();
        assertThat(Files.size(array)).isEqualTo(128 + 2 * 2 * 64 * 4);
    }

    @Test
    void featuresOfSeveralFilesNeedADirectory() {
        CommandRun wrong =
                CommandRun.of("features", picture, film, "--out", "x.npy", "--stage", "1", "--weights", IMAGE_MODEL);
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("pass one input").hasLineCount(1);
        Path many = directory.resolve("maps");
        CommandRun right = CommandRun.of("features", picture, film, "--out", many, "--weights", IMAGE_MODEL);
        assertThat(right.exitCode()).as(right.err()).isZero();
        assertThat(many.toFile().list()).hasSize(2);
    }

    @Test
    void anySizeAndLengthThatAModelCanTakeIsRun() {
        CommandRun fixed = CommandRun.of(
                "features",
                picture,
                "--out",
                directory.resolve("maps"),
                "--json",
                "--size",
                "96x160",
                "--weights",
                IMAGE_MODEL);
        assertThat(json(fixed.lines().get(0)).get("shape").toString()).isEqualTo("[24,40,8]");
        CommandRun whole = CommandRun.of(
                "classify", directory, "--json", "--size", "native:160", "--batch", "4", "--weights", IMAGE_MODEL);
        assertThat(whole.exitCode()).isZero();
        assertThat(whole.lines()).hasSize(2);
        CommandRun clip = CommandRun.of(
                "features",
                film,
                "--out",
                directory.resolve("clips"),
                "--json",
                "--frames",
                "8",
                "--size",
                "32x96",
                "--weights",
                VIDEO_MODEL);
        assertThat(json(clip.lines().get(0)).get("shape").toString()).isEqualTo("[4,8,24,8]");
    }

    @Test
    void aSizeThatDoesNotFitIsRefusedOrPadded() {
        CommandRun refused = CommandRun.of("classify", picture, "--size", "100", "--weights", IMAGE_MODEL);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("96 and 128").hasLineCount(1);
        CommandRun padded =
                CommandRun.of("embed", picture, "--size", "100", "--pad", "--weights", IMAGE_MODEL, "--json");
        assertThat(padded.exitCode()).isZero();
        CommandRun unread = CommandRun.of("classify", picture, "--size", "big", "--weights", IMAGE_MODEL);
        assertThat(unread.exitCode()).isNotZero();
        assertThat(unread.err()).contains("native:1536");
    }

    @Test
    void aVideoCutShortIsAWarningAndACompleteOneIsNot() throws IOException {
        Path cut = Files.copy(TestFiles.resource("/media/truncated.webm"), directory.resolve("cut_short.webm"));
        CommandRun broken = CommandRun.of("classify", cut, "--weights", VIDEO_MODEL);
        assertThat(broken.exitCode()).isZero();
        assertThat(broken.err())
                .startsWith("hiera: warning: " + cut + ": the video is cut short: its last ")
                .hasLineCount(1);

        Path late = Files.copy(TestFiles.resource("/media/start5.mkv"), directory.resolve("start5.mkv"));
        assertThat(CommandRun.of("classify", late, "--weights", VIDEO_MODEL).err())
                .isEmpty();
    }

    @Test
    void labelsMayBeginWithAByteOrderMarkAndMustBeUtf8() throws IOException {
        StringBuilder names = new StringBuilder("\ufeffc0");
        for (int i = 1; i < 10; i++) {
            names.append('\n').append('c').append(i);
        }
        Path labels = Files.writeString(directory.resolve("labels.txt"), names);
        CommandRun run = CommandRun.of(
                "classify", picture, "--weights", IMAGE_MODEL, "--labels", labels, "--json", "--top", "10");
        assertThat(run.out()).contains("\"label\":\"c0\"");

        Path latin = Files.write(directory.resolve("latin.txt"), new byte[] {'a', (byte) 0xfc});
        assertThat(CommandRun.of("classify", picture, "--weights", IMAGE_MODEL, "--labels", latin)
                        .err())
                .isEqualTo("hiera: " + latin + ": is not UTF-8 text; save the class names as UTF-8\n");
        Path missing = directory.resolve("missing.txt");
        assertThat(CommandRun.of("classify", picture, "--weights", IMAGE_MODEL, "--labels", missing)
                        .err())
                .startsWith("hiera: " + missing + ": cannot be read: no such file")
                .hasLineCount(1);
    }
}
