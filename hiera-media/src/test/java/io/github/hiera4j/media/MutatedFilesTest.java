package io.github.hiera4j.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.media.image.ImageMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with little memory must survive intact files with randomly changed or removed bytes. */
class MutatedFilesTest {
    private static final long SEED = 20260101;
    private static final long MEGABYTE = 1024;

    @Test
    void hundredsOfMutatedFilesAreReadOrRefused(@TempDir Path folder) throws IOException, InterruptedException {
        assertSurvives(folder, 800);
    }

    @Test
    @Tag("slow")
    void thousandsOfMutatedFilesAreReadOrRefused(@TempDir Path folder) throws IOException, InterruptedException {
        assertSurvives(folder, 10_000);
    }

    /** Unpacks the files of every mode and sub-format. */
    private static List<String> matrixFiles(Path folder) throws IOException {
        Path unpacked = Files.createDirectory(folder.resolve("matrix"));
        List<String> files = new ArrayList<>();
        for (Map.Entry<String, byte[]> file : ImageMatrix.files().entrySet()) {
            files.add(Files.write(unpacked.resolve(file.getKey()), file.getValue())
                    .toString());
        }
        return files;
    }

    private static void assertSurvives(Path folder, int copies) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(folder.toString(), Long.toString(SEED), "" + copies));
        Stream.of("images", "images/variants", "images/heif", "images/heif", "images/heif", "videos", "videos/variants")
                .flatMap(resources -> Fixtures.files(resources).stream())
                .map(Path::toString)
                .filter(name -> !name.endsWith(".rgb") && !name.endsWith(".json"))
                .forEach(arguments::add);
        arguments.addAll(matrixFiles(folder));

        ChildProcess child = ChildProcess.run(MutatedFiles.class, arguments);

        assertThat(child.exitCode()).as("seed %d: %s", SEED, child).isZero();
        Map<String, Long> figures = child.lines().stream()
                .map(line -> line.split("\t", -1))
                .collect(Collectors.toMap(line -> line[0], line -> Long.parseLong(line[1])));
        assertThat(figures.get("refused")).isBetween(copies / 4L, copies * 9L / 10);
        assertThat(figures.get("slowest")).isLessThan(5000);
        assertThat(figures.get("held")).isZero();
        assertThat(Objects.requireNonNull(figures.get("peak"))).isLessThan(512 * MEGABYTE);
    }
}
