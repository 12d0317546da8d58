package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.hiera4j.model.HieraException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarStreamTest {
    @TempDir
    private Path root;

    private static List<TarStream.Entry> entries(InputStream stream) {
        List<TarStream.Entry> entries = new ArrayList<>();
        try (TarStream tar = new TarStream("x.tar", stream)) {
            for (Optional<TarStream.Entry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                entries.add(entry.get());
            }
        }
        return entries;
    }

    private byte[] archive() throws IOException {
        Path file = root.resolve("x.tar");
        TarFile.write(
                file,
                TarFile.file("a.cls", "1"),
                TarFile.file("a.png", new byte[700]),
                TarFile.directory("b/"),
                TarFile.link("b/link.png", "/etc/passwd"),
                TarFile.longName("long/".repeat(60) + "1.mp4"),
                TarFile.file("ignored", new byte[] {1, 2, 3}));
        return Files.readAllBytes(file);
    }

    @Test
    void imagesAndVideosAreReadInTheirOrderAndNothingElse() throws IOException {
        List<TarStream.Entry> entries = entries(new ByteArrayInputStream(archive()));
        assertThat(entries).extracting(TarStream.Entry::length).containsExactly(700L, 3L);
        assertThat(entries.get(1).name()).endsWith("1.mp4");
        assertThat(entries.get(1).content()).containsExactly(1, 2, 3);
    }

    @Test
    void whatIsNoTarFileIsRefused() throws IOException {
        refused(new byte[0], "the file is empty");
        refused("no archive".repeat(200).getBytes(java.nio.charset.StandardCharsets.US_ASCII), "not a tar file");
        refused(Arrays.copyOf(archive(), 1200), "ends too early");
        refused(Arrays.copyOf(archive(), 1600), "ends too early");
    }

    private static void refused(byte[] bytes, String part) {
        assertThatThrownBy(() -> entries(new ByteArrayInputStream(bytes)))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith("x.tar: ")
                .hasMessageContaining(part);
    }

    @Test
    void aNameOfGigabytesIsRefusedBeforeItIsRead() {
        for (char kind : new char[] {'L', 'K', 'x', 'g'}) {
            InputStream endless = new InputStream() {
                @Override
                public int read() {
                    return 'a';
                }

                @Override
                public int read(byte[] target, int from, int count) {
                    Arrays.fill(target, from, from + count, (byte) 'a');
                    return count;
                }
            };
            byte[] header = TarFile.header("long", 2L << 30, kind);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThatThrownBy(
                                    () -> entries(new SequenceInputStream(new ByteArrayInputStream(header), endless)))
                            .as("kind %s", kind)
                            .isInstanceOf(HieraException.class)
                            .hasMessageStartingWith("x.tar: "));
        }
    }

    @Test
    void aFileThatIsTooLargeHasNoContentAndDoesNotEndTheReading() {
        byte[] large = TarFile.header("a.png", TarStream.MOST_BYTES + 512, '0');
        InputStream zeros = new InputStream() {
            private long left = TarStream.MOST_BYTES + 512;

            @Override
            public int read() {
                return left-- > 0 ? 0 : -1;
            }

            @Override
            public int read(byte[] target, int from, int count) {
                int given = (int) Math.min(left, count);
                left -= given;
                return given == 0 && count > 0 ? -1 : given;
            }
        };
        byte[] small = Arrays.copyOf(TarFile.file("b.png", new byte[5]), 2048); // and two empty blocks
        List<TarStream.Entry> entries = entries(new SequenceInputStream(
                new SequenceInputStream(new ByteArrayInputStream(large), zeros), new ByteArrayInputStream(small)));
        assertThat(entries).extracting(TarStream.Entry::name).containsExactly("a.png", "b.png");
        assertThat(entries.get(0).content()).isEmpty();
    }

    @Test
    void damagedArchivesAreReadAsFarAsTheyGoOrRefusedInOneLine() throws IOException {
        byte[] valid = archive();
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = valid.clone();
            for (int times = 1 + random.nextInt(3); times > 0; times--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                entries(new ByteArrayInputStream(bytes));
            } catch (HieraException refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).doesNotContainPattern("\\p{Cntrl}");
            } catch (RuntimeException fault) {
                throw new AssertionError("seed " + seed, fault);
            }
        }
    }
}
