package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleSource;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories without a layout, lists of paths, links, and data for evaluation. */
class FoldersTest {
    @TempDir
    Path root;

    @Test
    void aFlatFolderIsEnoughForPretraining() throws IOException {
        images("", 25);
        Files.writeString(root.resolve("notes.txt"), "no image");

        Dataset dataset = Datasets.openUnlabelled(root);

        assertThat(dataset.isLabelled()).isFalse();
        assertThat(dataset.train().size()).isEqualTo(23);
        assertThat(names(dataset.validation())).containsExactly("09.png", "19.png");
        assertThat(dataset.heldOut()).startsWith("one file in 10");
        assertThat(dataset.train().label(0)).isEqualTo(SampleSource.NO_LABEL);
        assertThat(dataset.train().read(0, duration -> new Clip(0, 1, 1)).get(0).width())
                .isEqualTo(24);
    }

    @Test
    void imagesAtAnyDepthAreFoundAndHiddenOnesAreNot() throws IOException {
        images("", 1);
        images("2023/spring", 2);
        images("2023/spring/deep/deeper/deepest", 1);
        images("b", 1);
        images(".thumbnails", 3);
        Files.writeString(root.resolve("._00.png"), "resource fork");

        Dataset dataset = Datasets.openUnlabelled(root);

        assertThat(names(dataset.train()))
                .containsExactly(
                        "00.png",
                        "2023/spring/00.png",
                        "2023/spring/01.png",
                        "2023/spring/deep/deeper/deepest/00.png",
                        "b/00.png");
        assertThat(dataset.heldOut()).startsWith("nothing, because there are fewer than 10 files");
    }

    @Test
    void trainAndValMayHoldUnlabelledFilesThemselves() throws IOException {
        images("train", 3);
        images("train/more", 1);
        images("val", 2);

        Dataset dataset = Datasets.openUnlabelled(root);

        assertThat(dataset.train().size()).isEqualTo(4);
        assertThat(names(dataset.validation())).containsExactly("val/00.png", "val/01.png");
    }

    @Test
    void manyFilesGiveAThousandAwayAtMost() throws IOException {
        List<Path> files = IntStream.range(0, 50_000)
                .mapToObj(i -> root.resolve(i + ".jpg"))
                .toList();
        assertThat(Folders.unlabelled(root, files).validation().size()).isEqualTo(1000);
    }

    @Test
    void aFolderWithoutImagesIsRefused() throws IOException {
        Files.writeString(root.resolve("notes.txt"), "no image");
        assertThatThrownBy(() -> Datasets.openUnlabelled(root))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("contains no images or videos, at any depth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 3", ",0"})
    void aTextFileOfPathsIsEnoughForPretraining(String label) throws IOException {
        images("a b", 12);
        StringBuilder text = new StringBuilder("\ufeff");
        for (int i = 0; i < 12; i++) {
            text.append(String.format(Locale.ROOT, "a b/%02d.png%s\r\n", i, label));
        }
        Path list = Files.writeString(root.resolve("files.txt"), text + "\n");

        Dataset dataset = Datasets.openUnlabelled(list);

        assertThat(dataset.isLabelled()).isFalse();
        assertThat(dataset.train().size()).isEqualTo(11);
        assertThat(names(dataset.validation())).containsExactly("a b/09.png");
    }

    @Test
    void aListOfPathsThatLeadNowhereIsRefused() throws IOException {
        Path list = Files.writeString(root.resolve("files.txt"), "x/gone.png\n");
        assertThatThrownBy(() -> Datasets.openUnlabelled(list))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("none of the listed files exists");
        Files.writeString(list, "../gone.png\n");
        assertThatThrownBy(() -> Datasets.openUnlabelled(list))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("leads out of the list's directory");
        Files.writeString(list, "\n \n");
        assertThatThrownBy(() -> Datasets.openUnlabelled(list))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("the list is empty");
    }

    /** Corresponds to {@code --data .} in the data set's directory. */
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "./.", "relative/..", "relative/../."})
    void relativeRootsTakeRelativePaths(String dots) throws IOException {
        images("a", 2);
        Files.createDirectories(root.resolve("relative"));
        Files.writeString(root.resolve("train.csv"), "a/00.png 0\n./a/01.png 1\n");
        Path relative = Path.of("").toAbsolutePath().relativize(root.toAbsolutePath());

        Dataset dataset = Datasets.open(relative.resolve(dots));

        assertThat(dataset.train().size()).isEqualTo(2);
        assertThat(dataset.train().read(1, duration -> new Clip(0, 1, 1))).hasSize(1);
        assertThatThrownBy(() -> {
                    Files.writeString(root.resolve("train.csv"), "a/../../x.png 0\n");
                    Datasets.open(relative.resolve(dots));
                })
                .hasMessageContaining("leads out of the list's directory");
    }

    @Test
    void aClassHoldsItsFilesAtAnyDepth() {
        Path nested = Path.of("src/test/resources/reports/nested");

        Dataset dataset = Datasets.openForEvaluation(nested);

        assertThat(dataset.classNames()).containsExactly("a", "b");
        assertThat(IntStream.range(0, 6).map(dataset.validation()::label)).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(Datasets.open(nested).train().size()).isEqualTo(6);
    }

    @Test
    void evaluationTakesTheWholeOfAFolderWithoutParts() throws IOException {
        images("cat", 20);
        images("dog", 10);

        Dataset dataset = Datasets.openForEvaluation(root);

        assertThat(dataset.validation().size()).isEqualTo(30);
        assertThat(dataset.train().size()).isZero();
        assertThat(dataset.heldOut()).isEqualTo("the whole directory, because it has no val directory");
        assertThat(Datasets.open(root).validation().size()).isEqualTo(3);
    }

    @Test
    void evaluationNeedsNoTrainingPart() throws IOException {
        images("val/cat", 2);
        images("val/dog", 1);
        assertThat(Datasets.openForEvaluation(root).validation().size()).isEqualTo(3);
        assertThat(Datasets.openForEvaluation(root).classNames()).containsExactly("cat", "dog");

        images("train/ant", 1);
        images("train/cat", 1);
        images("train/dog", 1);
        Dataset numbered = Datasets.openForEvaluation(root);
        assertThat(numbered.classNames()).containsExactly("ant", "cat", "dog");
        assertThat(IntStream.range(0, 3).map(numbered.validation()::label)).containsExactly(1, 1, 2);
    }

    @Test
    void evaluationTakesAListAlone() throws IOException {
        images("a", 3);
        Path list = Files.writeString(root.resolve("val.csv"), "a/00.png 7\na/01.png 2\n");

        assertThat(Datasets.openForEvaluation(root).validation().size()).isEqualTo(2);
        Dataset dataset = Datasets.openForEvaluation(list);
        assertThat(dataset.validation().size()).isEqualTo(2);
        assertThat(dataset.classNames()).hasSize(8);
    }

    @Test
    void linksAreFollowedAndLeadIntoNoCircle() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        images("elsewhere", 2);
        Path data = Files.createDirectories(root.resolve("data"));
        for (int i = 0; i < 20; i++) { // every directory links to all others: n! paths
            Path one = Files.createDirectories(data.resolve("d" + i));
            for (int j = 0; j < 20; j++) {
                Files.createSymbolicLink(one.resolve("to" + j), data.resolve("d" + j));
            }
        }
        Files.createSymbolicLink(data.resolve("photos"), elsewhere);
        Files.createSymbolicLink(data.resolve("self"), data);
        Files.createSymbolicLink(data.resolve("gone.png"), root.resolve("nowhere.png"));

        Dataset dataset = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> Datasets.openUnlabelled(data));

        assertThat(names(dataset.train())).containsExactly("data/gone.png", "data/photos/00.png", "data/photos/01.png");
        assertThatThrownBy(() -> dataset.train().read(0, duration -> new Clip(0, 1, 1)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("gone.png: no such file");
        assertThat(Datasets.openUnlabelled(Files.createSymbolicLink(root.resolve("link"), elsewhere))
                        .train()
                        .size())
                .isEqualTo(2);
    }

    @Test
    void aDirectoryThatCannotBeReadIsNamed() throws IOException {
        images("a", 1);
        Path locked = Files.createDirectories(root.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        try {
            assumeFalse(Files.isReadable(locked), "the user may read everything");
            assertThatThrownBy(() -> Datasets.openUnlabelled(root))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("locked: cannot be listed: permission denied");
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Each of these once hung for more than forty seconds, or was printed whole. */
    @ParameterizedTest
    @ValueSource(strings = {"a%sb", "%s", "a,%s,b", "%s 1x"})
    void aHostileLineIsRefusedAtOnceInOneShortLine(String form) throws IOException {
        for (String filling : List.of(" ", ", ", "\t", "1 ")) {
            String line = String.format(Locale.ROOT, form, filling.repeat(300_000 / filling.length()));
            Files.writeString(root.resolve("train.csv"), line + "\n");
            assertTimeoutPreemptively(
                    Duration.ofSeconds(5),
                    () -> assertThatThrownBy(() -> Datasets.open(root))
                            .isInstanceOf(HieraException.class)
                            .satisfies(fault -> assertThat(fault.getMessage())
                                    .hasSizeLessThan(600)
                                    .hasLineCount(1)));
        }
    }

    private List<String> names(SampleSource source) {
        return IntStream.range(0, source.size())
                .mapToObj(i -> root.relativize(Path.of(source.name(i))).toString())
                .toList();
    }

    private void images(String directory, int count) throws IOException {
        BufferedImage image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        Path target = Files.createDirectories(root.resolve(directory));
        for (int i = 0; i < count; i++) {
            Files.write(target.resolve(String.format(Locale.ROOT, "%02d.png", i)), bytes.toByteArray());
        }
    }
}
