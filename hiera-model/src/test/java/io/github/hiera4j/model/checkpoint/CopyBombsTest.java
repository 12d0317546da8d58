package io.github.hiera4j.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.testing.TestFiles;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few kilobytes that describe gigabytes by referring to the same data repeatedly. */
class CopyBombsTest {
    private static final long MOST_ALLOCATED = 200L << 20;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"encode_bomb.pth", "metadata_bomb.pth"})
    void aBombIsRefusedBeforeItTakesMemory(String name) {
        Path file = TestFiles.resource("/reports/" + name);
        long started = System.nanoTime();
        long before = allocated();
        assertThatThrownBy(() -> Checkpoint.open(file))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(file.toString());
        assertThat(allocated() - before).isLessThan(MOST_ALLOCATED);
        assertThat((System.nanoTime() - started) / 1e9).isLessThan(2);
    }

    @Test
    void aGitLfsPointerIsRecognised() throws Exception {
        for (String name : new String[] {"model.safetensors", "hiera.pth"}) {
            Path file = directory.resolve(name);
            Files.writeString(
                    file,
                    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
                    StandardCharsets.UTF_8);
            assertThatThrownBy(() -> Checkpoint.open(file))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("Git LFS pointer");
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
