package io.github.hiera4j.detect.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.action.KeyFrame.Person;
import io.github.hiera4j.detect.ava.AvaFrame;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.Mp4Writer;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.train.data.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvaDatasetTest {
    private static final String LABELS = "item {\n name: \"stand\"\n id: 1\n}\nitem {\n name: \"run\"\n id: 4\n}\n";

    @TempDir
    private Path root;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(root.resolve("videos"));
        Files.writeString(root.resolve("labels.pbtxt"), LABELS);
        Files.writeString(root.resolve("train.csv"), """
                film,0002,0.1,0.1,0.5,0.9,1,0
                film,0002,0.1,0.1,0.5,0.9,4,0
                film,0002,0.6,0.1,0.9,0.9,1,1
                film,0003,0.6,0.1,0.9,0.9,4,1
                lost,0003,0.6,0.1,0.9,0.9,4,1
                """);
        Files.writeString(root.resolve("val.csv"), "film,0001,0.1,0.1,0.5,0.9,1,0\n");
        // Frame i has the grey value 2 i; the video lasts 4 seconds.
        List<Rgb8Image> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] rgb = new byte[3 * 32 * 32];
            Arrays.fill(rgb, (byte) (2 * i));
            frames.add(Rgb8Image.wrap(32, 32, rgb));
        }
        Mp4Writer.write(root.resolve("videos/film.mp4"), frames, 25);
    }

    private void put(String file, String text) throws IOException {
        Files.writeString(root.resolve(file), text);
    }

    @Test
    void rowsOfOneBoxAreOnePersonAndMissingVideosAreNamed() {
        AvaDataset data = AvaDataset.open(root);

        assertThat(data.actions()).isEqualTo(4);
        assertThat(data.train()).hasSize(2);
        List<Person> persons = data.train().get(0).persons();
        assertThat(persons).hasSize(2);
        assertThat(persons.get(0).actions()).containsExactly(1, 4);
        assertThat(data.notes())
                .anyMatch(note -> note.contains("1 of 2 videos are missing") && note.contains("lost"))
                .anyMatch(note -> note.contains("no val_boxes.csv"));
    }

    @Test
    void excludedSecondsAreLeftOutAndDetectedPersonsLearnFromThoseTheyOverlap() throws IOException {
        put("train_excluded.csv", "film,0003\n");
        put("train_boxes.csv", "film,0002,0.1,0.1,0.5,0.89,,0.97\nfilm,0002,0,0,0.2,0.2,-1,0.9\n");
        put("val_boxes.csv", "film,0001,0.1,0.1,0.5,0.9,,0.85\nfilm,0001,0.5,0.1,0.9,0.9,,0.7\n");

        AvaDataset data = AvaDataset.open(root);

        assertThat(data.train()).hasSize(1);
        assertThat(data.train().get(0).persons())
                .extracting(Person::actions)
                .containsExactly(List.of(1, 4), List.of(1), List.of(1, 4), List.of());
        assertThat(data.validation().get(0).persons()).hasSize(1);
    }

    @Test
    void aClipIsReadAroundItsKeyFrameAndStaysInsideTheVideo() {
        KeyFrameSource source = new KeyFrameSource(AvaDataset.open(root).train());

        List<Rgb8Image> frames = source.read(0, duration -> new Clip(0, 0.2, 8));

        for (int i = 0; i < 8; i++) { // 2 s ± 0.8 s at 25 frames per second
            assertThat(frames.get(i).bytes()[0] & 0xff).isBetween(2 * (30 + 5 * i) - 3, 2 * (30 + 5 * i) + 3);
        }
        assertThat(source.decode(0, 1 << 20).orElseThrow().frames().apply(duration -> new Clip(0, 0.2, 8)))
                .isEqualTo(frames);
        List<Rgb8Image> beyond = source.read(1, duration -> new Clip(0, 0.5, 8));
        assertThat(beyond.get(7)).isEqualTo(beyond.get(6));
    }

    @Test
    void videosMayStartLater() throws IOException {
        put("layout.json", "{\"videos_start_at\": 1}");
        put("val.csv", "film,0002,0.1,0.1,0.5,0.9,1,0\n");

        assertThat(AvaDataset.open(root).train().get(0).moment()).isEqualTo(1);

        put("layout.json", "{\"videos_start_at\": 900}");
        assertThatThrownBy(() -> AvaDataset.open(root)).hasMessageContaining("is before the start of its video");
        put("layout.json", "{\"start\": 900}");
        assertThatThrownBy(() -> AvaDataset.open(root)).hasMessageContaining("unknown key 'start'");
    }

    @Test
    void aKeyFrameAfterTheEndSaysWhatToDo() {
        KeyFrame late = new KeyFrame(root.resolve("videos/film.mp4"), new AvaFrame("film", 902), 902, List.of());

        assertThatThrownBy(() -> new KeyFrameSource(List.of(late)).read(0, duration -> new Clip(0, 0.1, 4)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("videos_start_at");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../film,0002,0.1,0.1,0.5,0.9,1,0 | without directories",
                "/etc/passwd,0002,0.1,0.1,0.5,0.9,1,0 | without directories",
                "a\\b,0002,0.1,0.1,0.5,0.9,1,0 | without directories",
                ".hidden,0002,0.1,0.1,0.5,0.9,1,0 | without directories",
                "film,0002,10,10,50,90,1,0 | fractions of the frame",
                "film,0002,0.1,0.1,0.5,0.9,2,0 | the label map has no action 2",
                "film,0002,0.1,0.1,0.5,0.9,1e3,0 | expected an integer",
                "film,0002,0.1,0.1 | got 4 fields"
            })
    void hostileRowsAreRefused(String row, String message) throws IOException {
        put("train.csv", row + "\n");

        assertThatThrownBy(() -> AvaDataset.open(root))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("train.csv")
                .hasMessageContaining(message);
    }

    @Test
    void aCrowdWithoutEndIsRefused() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            rows.append("film,0002,0,0,0.5,").append(0.2 + i / 1000.0).append(",1,0\n");
        }
        put("train.csv", rows.toString());

        assertThatThrownBy(() -> AvaDataset.open(root)).hasMessageContaining("300 persons");
    }

    @Test
    void aDirectoryWithoutFilesOrVideosIsRefused() throws IOException {
        Files.delete(root.resolve("videos/film.mp4"));
        assertThatThrownBy(() -> AvaDataset.open(root)).hasMessageContaining("contains none of the videos");
        Files.delete(root.resolve("train.csv"));
        assertThatThrownBy(() -> AvaDataset.open(root)).hasMessageContaining("train.csv: no such file");
        put("labels.pbtxt", LABELS + LABELS);
        assertThatThrownBy(() -> AvaDataset.open(root)).hasMessageContaining("two items have the id 1");
    }

    @Test
    void boxesFollowTheShownPart() {
        Placement placement = new Placement(10, 0, 50, 40, true, 80, 80, 60, 40);

        assertThat(ActionBoxes.inInput(new double[] {0.25, 0.25, 0.5, 0.75}, placement))
                .containsExactly(40, 20, 70, 60);
        assertThat(ActionBoxes.inInput(new double[] {0, 0, 1, 1}, placement)).containsExactly(0, 0, 79, 79);
    }
}
