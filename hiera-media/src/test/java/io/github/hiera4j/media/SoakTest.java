package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many files in one process, good and broken, by several threads: memory must not grow. */
class SoakTest {
    private static final long MEGABYTE = 1 << 20;
    private static final List<Path> FILES = Stream.of(
                    "images", "images/broken", "images/variants", "videos", "videos/broken", "videos/variants")
            .flatMap(folder -> Fixtures.files(folder).stream())
            .filter(file ->
                    !file.toString().endsWith(".rgb") && !file.toString().endsWith(".json"))
            .toList();

    @Test
    void memoryIsFlatOverHundredsOfMixedFiles() throws IOException {
        assertFlat(300, 300, 64 * MEGABYTE);
    }

    @Test
    @Tag("slow")
    void memoryIsFlatOverTwoThousandMixedFiles() throws IOException {
        assertFlat(600, 2000, 48 * MEGABYTE);
    }

    private static void assertFlat(int warmUp, int count, long growth) throws IOException {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/self/statm")), "resident memory is read from /proc");
        read(warmUp);
        long resident = residentBytes();
        long heap = heapBytes();
        for (int round = 0; round < 4; round++) {
            read(count / 4);
            System.out.printf(
                    "after %d files: resident %d MB, heap %d MB%n",
                    warmUp + (round + 1) * count / 4, residentBytes() / MEGABYTE, heapBytes() / MEGABYTE);
        }

        assertThat(residentBytes() - resident).as("growth of resident memory").isLessThan(growth);
        assertThat(heapBytes() - heap).as("growth of the heap").isLessThan(8 * MEGABYTE);
        assertThat(MediaMemory.liveNativeBytes()).isZero();
        assertThat(MediaMemory.openVideos()).isZero();
        assertThat(Pointer.totalBytes())
                .as("native memory that Java objects own")
                .isLessThan(MEGABYTE);
    }

    private static void read(int count) {
        IntStream.range(0, count).parallel().forEach(i -> BrokenFiles.read(FILES.get(i % FILES.size())));
    }

    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
