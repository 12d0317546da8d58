package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.data.LoaderPlans;
import io.github.hiera4j.train.data.SampleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads every layout of a data set from real files, some of them damaged. */
class DatasetsTest extends DatasetFixture {
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
        assertThat(labels(dataset.train())).containsExactly(1, 0); // in the order of the file
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

    private static List<Integer> labels(SampleSource source) {
        return IntStream.range(0, source.size()).mapToObj(source::label).toList();
    }

    private static Rgb8Image firstFrame(SampleSource source, int index) {
        return source.read(index, duration -> new Clip(0, 1, 1)).get(0);
    }
}
