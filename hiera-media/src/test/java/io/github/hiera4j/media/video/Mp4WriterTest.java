package io.github.hiera4j.media.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Mp4WriterTest {
    @TempDir
    private Path directory;

    private static Rgb8Image grey(int width, int height, int value) {
        byte[] rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) value);
        return Rgb8Image.wrap(width, height, rgb);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    @Test
    void framesAreReadBackInTheirOrderAndAtTheirTimes() throws IOException {
        Path file = directory.resolve("clip.mp4");
        try (Mp4Writer writer = Mp4Writer.open(file, 64, 48, 10)) {
            for (int i = 0; i < 12; i++) {
                writer.add(grey(64, 48, 40 + 15 * i));
            }
            assertThat(file).doesNotExist();
            writer.finish();
        }

        try (VideoReader video = VideoReader.open(file)) {
            double[] times = IntStream.range(0, 12).mapToDouble(i -> i / 10.0).toArray();
            assertThat(video.info().frameRate()).isEqualTo(10);
            List<Rgb8Image> frames = video.framesAt(times);
            for (int i = 0; i < 12; i++) {
                assertThat(frames.get(i).bytes()[0] & 0xff).isBetween(36 + 15 * i, 44 + 15 * i);
            }
        }
        assertThat(files()).containsExactly(file);
    }

    @Test
    void aVideoThatIsNotFinishedLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = directory.resolve("clip.mp4");
        Mp4Writer.write(file, List.of(grey(16, 16, 9)), 30);
        byte[] before = Files.readAllBytes(file);

        try (Mp4Writer writer = Mp4Writer.open(file, 16, 16, 30)) {
            writer.add(grey(16, 16, 200));
        }

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(files()).containsExactly(file);
    }

    @Test
    void whatCannotBeWrittenIsRefusedInOneLine() {
        assertThatThrownBy(() -> Mp4Writer.open(directory.resolve("odd.mp4"), 15, 16, 30))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("even sides");
        assertThatThrownBy(() -> Mp4Writer.open(directory.resolve("no/where.mp4"), 16, 16, 30))
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> Mp4Writer.open(directory, 16, 16, 30)).hasMessageContaining("is a directory");
        try (Mp4Writer writer = Mp4Writer.open(directory.resolve("empty.mp4"), 16, 16, 30)) {
            assertThatThrownBy(writer::finish).hasMessageContaining("at least one frame");
            assertThatThrownBy(() -> writer.add(grey(18, 16, 1))).hasMessageContaining("expected frames of 16 x 16");
        }
    }
}
