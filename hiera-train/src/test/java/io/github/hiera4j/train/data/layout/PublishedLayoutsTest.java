package io.github.hiera4j.train.data.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.SampleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The annotations of published data sets in their authors' layouts. */
class PublishedLayoutsTest {
    @TempDir
    Path root;

    @Test
    void iNaturalistIsReadFromItsAnnotations() throws IOException {
        file("train_val2018/Aves/1/a.jpg");
        inaturalist("train2018.json", "[{\"image_id\":7,\"category_id\":30},{\"image_id\":3,\"category_id\":4}]");
        inaturalist("val2018.json", "[{\"image_id\":7,\"category_id\":4},{\"image_id\":3,\"category_id\":4}]");

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.classNames()).containsExactly("Parus major", "Strix aluco");
        assertThat(labels(dataset.train())).containsExactly(0, 1); // in the order of the image numbers
        assertThat(labels(dataset.validation())).containsExactly(0, 0);
        assertThat(dataset.train().name(1)).endsWith("train_val2018/Aves/1/a.jpg");
        assertThat(labels(Datasets.openForEvaluation(root).validation())).containsExactly(0, 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'image_id':7,'category_id':30}]|image 3 has no listed category",
                "[{'image_id':'x','category_id':30}]|has the image_id 'x', expected a number",
                "[{'category_id':30}]|has the image_id '', expected a number",
                "[{'image_id' 7|not valid JSON",
            })
    void annotationsThatCannotBeRightAreRefused(String annotations, String message) throws IOException {
        inaturalist("train2018.json", annotations.replace('\'', '"'));
        assertThatThrownBy(() -> Datasets.open(root))
                .isInstanceOf(HieraException.class)
                .hasMessageContainingAll("train2018.json", message);
    }

    private void inaturalist(String name, String annotations) throws IOException {
        Files.writeString(
                root.resolve(name),
                "{\"info\":{\"year\":2018},\"images\":[{\"id\":7,\"file_name\":\"train_val2018/Aves/1/a.jpg\",\"width\":8},"
                        + "{\"id\":3,\"file_name\":\"train_val2018/Aves/1/gone.jpg\"}],\"licenses\":[],"
                        + "\"categories\":[{\"id\":30,\"name\":\"Strix aluco\"},{\"id\":4,\"name\":\"Parus major\"}],"
                        + "\"annotations\":" + annotations + "}");
    }

    @Test
    void placesIsReadFromItsLists() throws IOException {
        file("data_256/a/airfield/00000001.jpg");
        file("val_256/Places365_val_00000001.jpg");
        Files.writeString(root.resolve("categories_places365.txt"), "/a/airfield 0\n/a/apartment_building/outdoor 1\n");
        Files.writeString(root.resolve("places365_train_standard.txt"), "/a/airfield/00000001.jpg 0\n");
        Files.writeString(root.resolve("places365_val.txt"), "Places365_val_00000001.jpg 1\n");

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.classNames()).containsExactly("airfield", "apartment_building/outdoor");
        assertThat(Path.of(dataset.train().name(0))).isRegularFile();
        assertThat(Path.of(dataset.validation().name(0))).isRegularFile();
        assertThat(labels(dataset.validation())).containsExactly(1);
        Files.writeString(root.resolve("categories_places365.txt"), "/a/airfield 0\n/b/barn 2\n");
        assertThatThrownBy(() -> Datasets.open(root)).hasMessageContaining("must number its classes from 0");
    }

    @Test
    void kineticsIsReadFromItsOwnTables() throws IOException {
        file("train/riding a bike/-a_Bc3_000012_000022.mp4");
        file("val/xyz_000001_000011.mp4");
        String header = "label,youtube_id,time_start,time_end,split\n";
        Files.writeString(
                root.resolve("train.csv"),
                header + "riding a bike,-a_Bc3,12,22,train\n\"tying knot, not on a tie\",gone,0,10,train\n");
        Files.writeString(root.resolve("val.csv"), header + "riding a bike,xyz,1,11,val\n");

        Dataset dataset = Datasets.open(root);

        assertThat(dataset.classNames()).containsExactly("riding a bike", "tying knot, not on a tie");
        assertThat(Path.of(dataset.train().name(0))).isRegularFile();
        assertThat(Path.of(dataset.validation().name(0))).isRegularFile();
        Files.writeString(root.resolve("train.csv"), header + "a,../x,1,2,train\n");
        assertThatThrownBy(() -> Datasets.open(root))
                .hasMessageContaining("train.csv line 2: expected 'label,youtube_id");
        Files.writeString(root.resolve("train.csv"), header + "../..,x,1,2,train\n");
        assertThatThrownBy(() -> Datasets.openUnlabelled(root)).isInstanceOf(HieraException.class);
    }

    private static List<Integer> labels(SampleSource source) {
        return IntStream.range(0, source.size()).mapToObj(source::label).toList();
    }

    private void file(String name) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }
}
