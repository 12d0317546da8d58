package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A process with little memory reads damaged and hostile files, and must survive them all. */
class BrokenFilesTest {
    private static final long MEGABYTE = 1024;
    private static Map<String, String[]> outcomes = Map.of();
    private static List<String> output = List.of();
    private static int exitCode;

    static List<Path> brokenFiles() {
        return Stream.of("images/broken", "videos/broken")
                .flatMap(folder -> Fixtures.files(folder).stream())
                .toList();
    }

    @BeforeAll
    static void readThemAllInAProcessOfTheirOwn() throws IOException, InterruptedException {
        ChildProcess child = ChildProcess.run(
                BrokenFiles.class, brokenFiles().stream().map(Path::toString).toList());
        exitCode = child.exitCode();
        output = child.lines();
        outcomes = output.stream()
                .map(line -> line.split("\t", -1))
                .collect(Collectors.toMap(line -> Path.of(line[0]).getFileName().toString(), line -> line));
    }

    @Test
    void theProcessSurvives() {
        assertThat(exitCode).as(() -> String.join("\n", output)).isZero();
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void eachFileIsReadOrRefusedInOneLineWithinFiveSeconds(Path file) {
        String[] outcome = outcome(file.getFileName().toString());

        assertThat(outcome).hasSize(3);
        assertThat(Long.parseLong(outcome[1])).isLessThan(5000);
        assertThat(outcome[2])
                .satisfiesAnyOf(
                        text -> assertThat(text).startsWith("refused: " + file),
                        text -> assertThat(text).startsWith("image"),
                        text -> assertThat(text).startsWith("video"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "decompression_bomb.png|a picture of 60000 x 60000 pixels is more than the 67108864 or takes",
                "empty.jpg|the file is empty",
                "html.jpg|neither an image nor a video",
                "not_an_image.txt.jpg|neither an image nor a video",
                "random.png|neither an image nor a video",
                "truncated.jpg|damaged or cut short",
                "bad_crc.png|the checksum of the PNG chunk at byte",
                "items_without_place.avif|names items that have no bytes",
                "tiles_without_place.heic|names items that have no bytes",
                "claims_large.tif|pixels in a file of",
                "item_of_no_bytes.avif|names items that have no bytes",
                "items_without_place.mp4|names items that have no bytes",
                "audio_only.mp4|no video stream",
                "empty.mp4|the file is empty",
                "text.mp4|neither an image nor a video",
                "truncated_no_moov.mp4|damaged or cut short"
            })
    void whatCannotBeReadIsRefusedWithItsReason(String file, String reason) {
        assertThat(outcome(file)[2]).startsWith("refused: ").contains(reason);
    }

    @Test
    void nothingStaysInNativeMemory() {
        assertThat(outcome("held")).containsExactly("held", "0", "0");
    }

    @Test
    void memoryStaysBelow512Megabytes() {
        assertThat(Long.parseLong(outcome("peak")[1])).isLessThan(512 * MEGABYTE);
    }

    private static String[] outcome(String name) {
        return Objects.requireNonNull(outcomes.get(name), () -> "nothing was reported of " + name + ": " + output);
    }
}
