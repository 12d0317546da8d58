package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many intact and broken files are read in one process by several threads: memory must not grow. */
class SoakTest {
    private static final long MEGABYTE = 1024;

    @Test
    void memoryIsFlatOverHundredsOfMixedFiles() throws IOException, InterruptedException {
        assertFlat(320, 320);
    }

    @Test
    @Tag("slow")
    void memoryIsFlatOverTwoThousandMixedFiles() throws IOException, InterruptedException {
        assertFlat(480, 2000);
    }

    private static void assertFlat(int warmUp, int count) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/statm")), "resident memory is read from /proc");
        List<String> arguments = new ArrayList<>(List.of("" + warmUp, "" + count));
        Stream.of(
                        "images",
                        "images/broken",
                        "images/variants",
                        "images/heif",
                        "videos",
                        "videos/broken",
                        "videos/variants")
                .flatMap(folder -> Fixtures.files(folder).stream())
                .map(Path::toString)
                .filter(file -> !file.endsWith(".rgb") && !file.endsWith(".json"))
                .forEach(arguments::add);

        ChildProcess child = ChildProcess.run(Soak.class, arguments);

        System.out.println(String.join("\n", child.lines()));
        assertThat(child.exitCode()).isZero();
        List<long[]> reports = child.lines().stream()
                .filter(line -> line.startsWith("resident"))
                .map(line -> line.split("\t", -1))
                .map(words -> new long[] {Long.parseLong(words[1]), Long.parseLong(words[3])})
                .toList();
        long[] start = reports.get(0);
        long[] end = reports.get(reports.size() - 1);
        assertThat(reports).hasSize(5);
        assertThat(end[0] - start[0]).as("growth of resident kilobytes").isLessThan(32 * MEGABYTE);
        assertThat(end[1] - start[1]).as("growth of heap kilobytes").isLessThan(4 * MEGABYTE);
        assertThat(child.lines()).contains("held\t0", "open\t0");
        assertThat(child.lines())
                .filteredOn(line -> line.startsWith("owned"))
                .singleElement()
                .satisfies(line -> assertThat(Long.parseLong(line.substring(6)))
                        .as("bytes of native memory that Java objects own")
                        .isLessThan(64 * 1024));
    }
}
