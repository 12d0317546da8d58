package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.LoaderPlans;
import io.github.hiera4j.train.data.SampleSource;
import io.github.hiera4j.train.optimize.Randomness;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every layout of a data set with real files, and what is said where it is wrong. */
class DatasetsTest {
    @TempDir
    Path root;

    @Test
    void trainAndValHoldADirectoryPerClass() throws IOException {
        pictures("train/cat", 3);
        pictures("train/dog", 2);
        pictures("val/dog", 1);
        Files.writeString(root.resolve("train/cat/notes.txt"), "no picture");

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.classNames()).containsExactly("cat", "dog");
        assertThat(labels(dataset.train())).containsExactly(0, 0, 0, 1, 1);
        assertThat(labels(dataset.validation())).containsExactly(1);
        assertThat(firstFrame(dataset.validation(), 0).width()).isEqualTo(24);
    }

    @Test
    void classDirectoriesAloneGiveEveryTenthFileAway() throws IOException {
        pictures("cat", 20);
        pictures("dog", 10);

        Dataset dataset = Datasets.open(root);

        assertThat(labels(dataset.train())).hasSize(27);
        assertThat(labels(dataset.validation())).containsExactly(0, 0, 1);
        assertThat(dataset.validation().name(0)).endsWith("cat/09.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ",", "\t", ", "})
    void aListNamesAFileAndItsClassALine(String separator) throws IOException {
        clip("videos/a b.mp4");
        clip("c.mp4");
        Path elsewhere = Files.createTempDirectory(root, "elsewhere").resolve("d.mp4");
        Files.copy(root.resolve("c.mp4"), elsewhere);
        Files.writeString(
                root.resolve("train.csv"),
                "videos/a b.mp4" + separator + "1\n\nc.mp4" + separator + "0\n" + elsewhere + separator + "1\n");
        Files.writeString(root.resolve("val.csv"), "c.mp4" + separator + "0\n");
        Files.writeString(root.resolve("classes.txt"), "falling\nrising\n");

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.classNames()).containsExactly("falling", "rising");
        assertThat(labels(dataset.train())).containsExactly(1, 0, 1);
        assertThat(dataset.train().read(0, duration -> new Clip(0, 1, 4))).hasSize(4);
        assertThat(dataset.train().name(2)).isEqualTo(elsewhere.toString());
    }

    @Test
    void somethingSomethingIsReadFromItsThreeFiles() throws IOException {
        clip("20bn-something-something-v2/7.webm");
        somethingSomething("[{\"id\":\"7\",\"template\":\"Pushing [something] left\"}]");

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.classNames()).containsExactly("Dropping something", "Pushing something left");
        assertThat(labels(dataset.train())).containsExactly(1);
        assertThat(dataset.validation().size()).isZero();
        assertThat(dataset.train().read(0, duration -> new Clip(0, 1, 2))).hasSize(2);
        assertThat(dataset.train().read(0, duration -> new Clip(0, duration / 32, 32)))
                .hasSize(32); // also more than the video has: frames repeat
    }

    @Test
    void tarShardsHoldPicturesAndClassesByKey() throws IOException {
        TarFile.write(
                root.resolve("train-000.tar"),
                TarFile.file("a/0.png", picture(0)),
                TarFile.file("a/0.cls", "1"),
                TarFile.directory("b/"),
                TarFile.link("b/link.png", "/etc/passwd"),
                TarFile.file("0.cls", "0"),
                TarFile.file("0.png", picture(1)));
        TarFile.write(
                root.resolve("val-000.tar"), TarFile.file("../../x.png", picture(2)), TarFile.file("../../x.cls", "1"));

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.classNames()).containsExactly("0", "1");
        assertThat(labels(dataset.train())).containsExactly(1, 0); // as they lie in the file
        assertThat(firstFrame(dataset.train(), 1).height()).isEqualTo(20);
        assertThat(firstFrame(dataset.validation(), 0).height()).isEqualTo(20); // read in place: its name is only a key
    }

    @Test
    void damagedFilesAreCountedNamedAndReplaced() throws IOException {
        pictures("train/cat", 6);
        Files.writeString(root.resolve("train/cat/00.png"), "no picture");
        Files.write(root.resolve("train/cat/01.png"), new byte[0]);
        Files.delete(root.resolve("train/cat/02.png"));
        pictures("train/dog", 4);
        Dataset dataset = Datasets.open(root);
        Files.delete(root.resolve("train/dog/03.png")); // lost after the list was made

        try (BatchLoader loader = new BatchLoader(2);
                BatchLoader.Batches batches =
                        loader.epoch(LoaderPlans.augmented(dataset.train()), EpochOrder.spread(9, 9), 1, 0, 0)) {
            Batch all = batches.next();
            assertThat(all.size()).isEqualTo(6);
            assertThat(all.indices()).doesNotContain(0, 1);
            assertThat(loader.damaged().faults().keySet())
                    .contains(dataset.train().name(0), dataset.train().name(1));
            assertThat(loader.damaged().toString()).contains("00.png");
        }
    }

    @Test
    void aDataSetOfDamagedFilesOnlyEndsWithAMessage() throws IOException {
        pictures("cat", 8);
        Dataset dataset = Datasets.open(root);
        for (int i = 0; i < dataset.train().size(); i++) {
            Files.writeString(Path.of(dataset.train().name(i)), "no picture");
        }
        try (BatchLoader loader = new BatchLoader(1);
                BatchLoader.Batches batches =
                        loader.epoch(LoaderPlans.augmented(dataset.train()), EpochOrder.spread(8, 8), 1, 0, 0)) {
            assertThatThrownBy(batches::next)
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("too many files cannot be read");
        }
    }

    @Test
    void aDirectoryThatIsNotThereOrHoldsNothingIsRefused() throws IOException {
        refused(root.resolve("nowhere"), "no such directory");
        refused("expected one directory per class in it, or one of these: train/CLASS/*.jpg");
        Files.createDirectories(root.resolve("train"));
        refused("expected one directory per class");
        Files.createDirectories(root.resolve("train/cat"));
        refused("train/cat", "contains no images or videos");
    }

    @Test
    void aHeldOutClassThatWasNeverTrainedIsRefused() throws IOException {
        pictures("train/cat", 1);
        pictures("val/unicorn", 1);
        refused("val", "has the classes [unicorn], which", "lacks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c.mp4 many|line 1: expected 'path label', got 'c.mp4 many'",
                "c.mp4|line 1: expected 'path label', got 'c.mp4'",
                "c.mp4 -1|line 1: expected 'path label'",
                "../../c.mp4 0|line 1: '../../c.mp4' leads out of the list's directory",
                "gone.mp4 0|none of the listed files exists, such as",
                "c.mp4 900|has the class number 900, but there are only 1 training samples",
                "a\u0000b 0|line 1: not a file name",
            })
    void aListThatCannotBeRightIsRefused(String line, String message) throws IOException {
        clip("c.mp4");
        Files.writeString(root.resolve("train.csv"), line + "\n");
        refused("train.csv".substring(0, message.startsWith("has") ? 0 : 9), message);
    }

    @Test
    void listsThatDisagreeAreRefused() throws IOException {
        clip("c.mp4");
        Files.writeString(root.resolve("train.csv"), "c.mp4 0\nc.mp4 1\n");
        Files.writeString(root.resolve("val.csv"), "c.mp4 2\n");
        refused("c.mp4 has the label 2, expected 0 to 1");
        Files.writeString(root.resolve("val.csv"), "");
        refused("val.csv", "the list is empty");
        Files.write(root.resolve("val.csv"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        refused("val.csv", "is UTF-16 text; save it as UTF-8");
        Files.write(root.resolve("val.csv"), new byte[] {'c', (byte) 0xff, ' ', '1'});
        refused("val.csv", "is not UTF-8 text");
        Files.writeString(root.resolve("val.csv"), "c.mp4 1\n");
        Files.writeString(root.resolve("classes.txt"), "only one\n");
        refused("classes.txt", "names 1 classes, the data has 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'id':'../7','template':'Dropping something'}]|has the id '../7'",
                "[{'id':'7','template':'Eating something'}]|'Eating something', which labels.json lacks",
                "[{'id':'8','template':'Dropping something'}]|none of the listed files exists",
                "[{'id':'7'|not valid JSON",
                "{}|expected a list",
                "[]|expected a list of videos",
                "[7]|expected a list of objects",
                "[{}]|has the id ''",
            })
    void somethingSomethingThatCannotBeRightIsRefused(String train, String message) throws IOException {
        clip("videos/7.webm");
        somethingSomething(train.replace('\'', '"'));
        refused("train.json", message);
    }

    @Test
    void tarShardsThatCannotBeRightAreRefused() throws IOException {
        Path shard = root.resolve("train-000.tar");
        byte[] entry = TarFile.file("0.png", picture(0));
        TarFile.write(shard, entry);
        refused("train-000.tar", "0.png has no class: expected 0.cls beside it, or 0.json with a label");
        TarFile.write(shard, entry, TarFile.file("0.cls", "cat"));
        refused("train-000.tar", "0.cls does not contain a class number");
        TarFile.write(shard, TarFile.header("0.png", 7_000_000_000L, '0'));
        refused("train-000.tar", "ends too early: it was cut off");
        Files.write(shard, java.util.Arrays.copyOf(entry, 512));
        refused("train-000.tar", "ends too early: it was cut off");
        Files.write(shard, java.util.Arrays.copyOf(entry, 300));
        refused("train-000.tar", "cut off");
        Files.write(shard, picture(0));
        refused("train-000.tar", "tar");
        Files.write(shard, new byte[0]);
        refused("train-000.tar", "the file is empty");
        byte[] damaged = entry.clone();
        damaged[3] ^= 1;
        TarFile.write(shard, damaged);
        refused("train-000.tar", "not a tar file, or a damaged one");
        TarFile.write(shard);
        refused("has no samples");
    }

    private void refused(String... parts) {
        refused(root, parts);
    }

    private static void refused(Path directory, String... parts) {
        assertThatThrownBy(() -> Datasets.open(directory))
                .isInstanceOf(HieraException.class)
                .hasMessageContainingAll(parts)
                .satisfies(fault -> assertThat(fault.toString()).hasLineCount(1));
    }

    private static List<Integer> labels(SampleSource source) {
        return IntStream.range(0, source.size()).mapToObj(source::label).toList();
    }

    private static Rgb8Image firstFrame(SampleSource source, int index) {
        return source.read(index, duration -> new Clip(0, 1, 1)).get(0);
    }

    private void somethingSomething(String train) throws IOException {
        Files.writeString(
                root.resolve("labels.json"), "{\"Dropping something\":\"0\",\"Pushing something left\":\"1\"}");
        Files.writeString(root.resolve("train.json"), train);
    }

    private void pictures(String directory, int count) throws IOException {
        Path target = Files.createDirectories(root.resolve(directory));
        for (int i = 0; i < count; i++) {
            Files.write(target.resolve(String.format(Locale.ROOT, "%02d.png", i)), picture(i));
        }
    }

    private static byte[] picture(int seed) throws IOException {
        BufferedImage image = new BufferedImage(24, 20, BufferedImage.TYPE_INT_RGB);
        image.setRGB(seed % 24, 3, 0xff8040);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private void clip(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        byte[] rgb = new byte[3 * 32 * 32];
        Randomness.of(1).nextBytes(rgb);
        List<Rgb8Image> frames =
                Stream.generate(() -> Rgb8Image.wrap(32, 32, rgb)).limit(8).toList();
        Path written = root.resolve(".clip.mp4");
        Mp4Writer.write(written, frames, 8);
        Files.move(written, file);
    }
}
