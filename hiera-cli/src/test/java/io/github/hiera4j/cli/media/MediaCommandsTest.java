package io.github.hiera4j.cli.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands that read pictures and videos: how inputs are named, and what is said about those that do not fit. */
class MediaCommandsTest extends MediaFixture {
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
