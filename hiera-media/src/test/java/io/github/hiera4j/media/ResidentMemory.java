package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.image.ImageReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Measures the peak memory of a process that reads one image, minus that for a small image. Linux only. */
public final class ResidentMemory {
    private static final String SMALL = "portrait.png";

    private ResidentMemory() {}

    /** The width of the decoded image, and bytes. */
    public static List<Long> whileReading(Path file) throws IOException, InterruptedException {
        ChildProcess child = ChildProcess.run(
                ResidentMemory.class, List.of(Fixtures.image(SMALL).toString(), file.toString()), 1024);
        assertThat(child.exitCode()).as(String.join("; ", child.lines())).isZero();
        return child.lines().stream().map(Long::parseLong).toList();
    }

    public static void main(String[] arguments) throws IOException {
        ImageReader.read(Path.of(arguments[0]));
        long before = peak();
        System.out.println(ImageReader.read(Path.of(arguments[1])).width());
        System.out.println(peak() - before);
    }

    private static long peak() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String line =
                    lines.filter(text -> text.startsWith("VmHWM")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
    }
}
