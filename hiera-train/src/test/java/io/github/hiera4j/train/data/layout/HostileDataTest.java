package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Recipes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Changes valid lists, annotations, tar and recipe files at random. Every result must be opened or refused quickly, with one short line
 * without control characters and no other exception. A failure prints its seed; {@code -Dhiera.fuzz.seed=N} repeats it.
 */
class HostileDataTest {
    private static final long SHORT = 400; // milliseconds per kind
    private static final long LONG = 60_000;

    @TempDir
    Path root;

    /** The kind of file that is changed, which determines its reader. */
    enum Kind {
        LIST,
        UNLABELLED_LIST,
        CLASS_NAMES,
        JSON,
        LABELS,
        TAR,
        RECIPE
    }

    @ParameterizedTest
    @EnumSource
    void changedFilesAreOpenedOrRefusedInOneLine(Kind kind) throws IOException {
        fuzz(kind, SHORT);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void changedFilesAreOpenedOrRefusedInOneLineForLonger(Kind kind) throws IOException {
        fuzz(kind, LONG);
    }

    private void fuzz(Kind kind, long milliseconds) throws IOException {
        Files.writeString(root.resolve("a.png"), "");
        Files.createDirectories(root.resolve("videos"));
        Files.writeString(root.resolve("videos/7.webm"), "");
        Path file = root.resolve(
                switch (kind) {
                    case LIST, CLASS_NAMES -> "train.csv";
                    case UNLABELLED_LIST -> "files.txt";
                    case JSON, LABELS -> "train.json";
                    case TAR -> "train-0.tar";
                    case RECIPE -> "mine.yaml";
                });
        byte[] valid = valid(kind);
        if (kind == Kind.CLASS_NAMES) {
            Files.writeString(file, "a.png 1\na.png 0\n");
            file = root.resolve("classes.txt");
        }
        if (kind == Kind.JSON) {
            Files.writeString(root.resolve("labels.json"), "{\"Dropping something\":\"0\",\"Pushing\":\"1\"}");
        }
        if (kind == Kind.LABELS) {
            Files.writeString(file, "[{\"id\":\"7\",\"template\":\"Pushing\"}]");
            file = root.resolve("labels.json");
        }
        Files.write(file, valid);
        open(kind, file); // the unchanged file is valid
        long seed = Long.getLong("hiera.fuzz.seed", 20_260_101L);
        long end = System.nanoTime() + milliseconds * 1_000_000;
        int tried = 0;
        do {
            Files.write(file, changed(valid, new Random(seed)));
            attempt(kind, file, seed);
            seed++;
            tried++;
        } while (System.nanoTime() < end && Long.getLong("hiera.fuzz.seed") == null);
        assertThat(tried).isPositive();
    }

    private void attempt(Kind kind, Path file, long seed) {
        long start = System.nanoTime();
        try {
            open(kind, file);
        } catch (HieraException refused) {
            assertThat(refused.getMessage().replace(root.toString(), ""))
                    .as("seed %d of %s", seed, kind)
                    .hasSizeLessThan(700)
                    .doesNotContainPattern("\\p{Cntrl}");
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError fault) {
            throw new AssertionError("seed " + seed + " of " + kind, fault);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("seed %d of %s", seed, kind)
                .isLessThan(Duration.ofSeconds(20));
    }

    private void open(Kind kind, Path file) {
        switch (kind) {
            case RECIPE -> RecipeSettings.assignAll(Recipes.named("small-mae"), file);
            case UNLABELLED_LIST -> use(Datasets.openUnlabelled(file));
            default -> {
                use(Datasets.open(root));
                use(Datasets.openUnlabelled(root));
            }
        }
    }

    private static void use(Dataset dataset) {
        for (int i = 0; i < dataset.train().size(); i++) {
            dataset.train().name(i);
        }
    }

    private byte[] valid(Kind kind) throws IOException {
        return switch (kind) {
            case LIST -> "a.png 0\nvideos/7.webm,1\n\na.png\t1\n".getBytes(StandardCharsets.UTF_8);
            case UNLABELLED_LIST -> "a.png\nvideos/7.webm\n".getBytes(StandardCharsets.UTF_8);
            case CLASS_NAMES -> "\ufefffalling\r\nrising\r\n".getBytes(StandardCharsets.UTF_8);
            case JSON ->
                "[{\"id\":\"7\",\"template\":\"Pushing\",\"more\":[1,{\"x\":null}]}]".getBytes(StandardCharsets.UTF_8);
            case LABELS -> "{\"Dropping something\":\"0\",\"Pushing\":1}".getBytes(StandardCharsets.UTF_8);
            case RECIPE -> Files.readAllBytes(recipe());
            case TAR -> {
                Path shard = root.resolve("valid.bin");
                TarFile.write(
                        shard,
                        TarFile.file("a/0.png", new byte[700]),
                        TarFile.file("a/0.cls", "0"),
                        TarFile.directory("b/"),
                        TarFile.link("b/link.png", "/etc/passwd"),
                        TarFile.longName("long/".repeat(60) + "1.png"),
                        TarFile.file("ignored", new byte[3]),
                        TarFile.longName("long/".repeat(60) + "1.cls"),
                        TarFile.file("ignored", "0"));
                yield Files.readAllBytes(shard);
            }
        };
    }

    private Path recipe() throws IOException {
        StringBuilder text = new StringBuilder("# mine\n");
        RecipeSettings.of(Recipes.named("small-mae"))
                .forEach((key, value) ->
                        text.append(key).append(": ").append(value).append("  # comment\n"));
        return Files.writeString(root.resolve("valid.yaml"), text);
    }

    private static byte[] changed(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && bytes.length > 0; times--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 ->
                    bytes = spliced(bytes, at, "\u0000\u001b[2J\u202e \t,:=#\"".getBytes(StandardCharsets.UTF_8), 1);
                case 4 -> bytes = spliced(bytes, at, new byte[] {bytes[at]}, random.nextInt(50_000));
                default -> {
                    int other = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(600), bytes.length - Math.max(at, other));
                    System.arraycopy(bytes, at, bytes, other, Math.max(0, length));
                }
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int at, byte[] piece, int times) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        for (int i = 0; i < times; i++) {
            out.writeBytes(piece);
        }
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }

    @Test
    void longNamesOfBothNotationsAreRead() throws IOException {
        String gnu = "deep/".repeat(50) + "0";
        String posix = "ünï/".repeat(50) + "1";
        TarFile.write(
                root.resolve("train-0.tar"),
                TarFile.longName(gnu + ".png"),
                TarFile.file("cut", new byte[10]),
                TarFile.longName(gnu + ".cls"),
                TarFile.file("cut", "1"),
                TarFile.attributes("path", posix + ".png"),
                TarFile.file("cut", new byte[10]),
                TarFile.attributes("path", posix + ".cls"),
                TarFile.file("cut", "0"));

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.train().size()).isEqualTo(2);
        assertThat(List.of(dataset.train().label(0), dataset.train().label(1))).containsExactly(1, 0);
    }

    /** A name of two gigabytes takes no space on disk: the file is sparse. */
    @Test
    void aNameOfGigabytesIsRefusedBeforeItIsRead() throws IOException {
        long length = 2L << 30;
        for (char kind : new char[] {'L', 'K', 'x', 'g'}) {
            Path shard = root.resolve("train-0.tar");
            try (RandomAccessFile file = new RandomAccessFile(shard.toFile(), "rw")) {
                file.write(TarFile.header("long", length, kind));
                file.setLength(512 + length + 2048);
            }
            assertTimeoutPreemptively(
                    Duration.ofSeconds(20),
                    () -> assertThatThrownBy(() -> Datasets.open(root))
                            .as("kind %s", kind)
                            .isInstanceOf(HieraException.class)
                            .hasMessageContaining("train-0.tar"));
            Files.delete(shard);
        }
    }

    @Test
    void hugeAnnotationsAreNotHeldInMemory() throws IOException {
        Files.writeString(root.resolve("labels.json"), "{\"Pushing\":\"0\"}");
        Files.createDirectories(root.resolve("videos"));
        Files.writeString(root.resolve("videos/7.webm"), "");
        String filler = "{\"a\":[".repeat(200) + "1" + "]}".repeat(200);
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < 2000; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"7\",\"more\":")
                    .append(filler)
                    .append(",\"template\":\"Pushing\"}");
        }
        Files.writeString(root.resolve("train.json"), text + "]");
        assertThat(Datasets.open(root).train().size()).isEqualTo(2000);
        Files.writeString(root.resolve("train.json"), "[".repeat(100_000));
        assertThatThrownBy(() -> Datasets.open(root)).isInstanceOf(HieraException.class);
    }
}
