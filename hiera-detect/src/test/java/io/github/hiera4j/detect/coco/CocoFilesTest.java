package io.github.hiera4j.detect.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.detect.evaluate.CocoEvaluation;
import io.github.hiera4j.detect.evaluate.CocoMetrics;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.MissingFileException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CocoFilesTest {
    private static final Path TINY = resource("/coco/coco_tiny");
    private static final Path HOSTILE = resource("/coco/coco_hostile");

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(CocoFilesTest.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTrainingSetKeepsWhatCanBeTrainedOn() throws IOException {
        JsonNode expected = JsonMapper.shared().readTree(Files.readString(TINY.resolve("expected.json")));
        CocoDataset data = CocoReader.read(TINY.resolve("annotations/instances_train.json"));
        CocoTrainingSet set = CocoTrainingSet.of(data);

        assertThat(data.images()).hasSize(expected.path("train_images_in_file").asInt());
        Map<String, Integer> classes = new LinkedHashMap<>();
        set.classes().forEach((id, index) -> classes.put(String.valueOf(id), index));
        expected.path("classes").forEachEntry((id, index) -> assertThat(classes).containsEntry(id, index.asInt()));
        assertThat(set.images().stream().map(CocoImage::id))
                .containsExactlyElementsOf(longs(expected.path("train_list")));
        expected.path("kept")
                .forEachEntry((image, ids) -> assertThat(
                                Objects.requireNonNull(set.instances().get(Long.parseLong(image))).stream()
                                        .map(CocoAnnotation::id))
                        .containsExactlyElementsOf(longs(ids)));
        List<Long> dropped = new ArrayList<>();
        expected.path("dropped").forEach(image -> image.forEachEntry((id, reason) -> dropped.add(Long.parseLong(id))));
        assertThat(set.dropped().keySet()).containsExactlyInAnyOrderElementsOf(dropped);
    }

    @Test
    void perfectResultsScoreOne() {
        CocoDataset truth = CocoReader.read(TINY.resolve("annotations/instances_val.json"));
        List<CocoResult> results = CocoResults.read(TINY.resolve("perfect_results_val.json"));

        for (CocoEvaluation.Kind kind : CocoEvaluation.Kind.values()) {
            CocoMetrics metrics = CocoEvaluation.run(kind, truth, results);
            assertThat(metrics.averagePrecision()).isEqualTo(1);
            assertThat(metrics.averagePrecisionAt50()).isEqualTo(1);
            assertThat(metrics.summary()[8]).isEqualTo(1);
        }
    }

    @Test
    void aMissingPictureIsNamedWithItsImage() {
        CocoDataset data = CocoReader.read(TINY.resolve("annotations/instances_train.json"));
        CocoImage missing = data.images().stream()
                .filter(image -> image.id() == 999)
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> CocoTrainingSet.file(TINY.resolve("images"), missing))
                .isInstanceOf(MissingFileException.class)
                .hasMessageContaining("t99_missing.jpg")
                .hasMessageContaining("image 999");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "broken_json",
                "wrong_types",
                "unknown_image_id",
                "negative_sizes",
                "enormous_rle",
                "path_traversal"
            })
    void hostileFilesAreRefusedWithFilePositionAndField(String name) {
        Path file = HOSTILE.resolve(name + ".json");

        assertThatThrownBy(() -> CocoReader.read(file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(name + ".json")
                .satisfies(fault -> assertThat(fault.getMessage())
                        .containsPattern("line \\d+|\\w+\\[\\d+]|expected '\\w+' to be a list")
                        .hasSizeLessThan(400)
                        .doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown_image_id", "negative_sizes", "enormous_rle", "path_traversal"})
    void aLenientReadingDropsWhatIsBadAndKeepsTheFirstAnnotation(String name) throws IOException {
        JsonNode expected = JsonMapper.shared()
                .readTree(Files.readString(HOSTILE.resolve("expected.json")))
                .path(name + ".json");
        CocoDataset data = CocoReader.readLeniently(HOSTILE.resolve(name + ".json"));

        assertThat(data.annotations().stream().map(CocoAnnotation::id)).contains(1L);
        for (JsonNode index : expected.path("bad_annotations")) {
            assertThat(data.dropped()).anyMatch(line -> line.startsWith("annotations[" + index.asInt() + "]"));
        }
        for (JsonNode index : expected.path("bad_images")) {
            // Index 13 of path_traversal.json is a valid name; it is rejected as a link to a file outside the folder.
            if (!(name.equals("path_traversal") && index.asInt() == 13)) {
                assertThat(data.dropped()).anyMatch(line -> line.startsWith("images[" + index.asInt() + "]"));
            }
        }
    }

    @Test
    void aLinkThatLeavesTheFolderIsRefused(@TempDir Path directory) throws IOException {
        Path images = Files.createDirectory(directory.resolve("images"));
        Files.writeString(directory.resolve("secret.jpg"), "secret");
        Files.createSymbolicLink(images.resolve("link_out.jpg"), directory.resolve("secret.jpg"));

        assertThatThrownBy(() -> CocoTrainingSet.file(images, new CocoImage(22, "link_out.jpg", 100, 80)))
                .hasMessageContaining("a file outside the folder");
    }

    @Test
    void resultsSurviveWritingAndReading(@TempDir Path directory) {
        List<CocoResult> results = CocoResults.read(TINY.resolve("perfect_results_val.json"));
        Path file = directory.resolve("results.json");

        CocoResults.write(file, results);

        List<CocoResult> read = CocoResults.read(file);
        assertThat(read).hasSameSizeAs(results);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).mask()).isEqualTo(results.get(i).mask());
            assertThat(read.get(i).box()).isEqualTo(results.get(i).box());
        }
    }

    private static List<Long> longs(JsonNode list) {
        List<Long> values = new ArrayList<>();
        list.forEach(value -> values.add(value.asLong()));
        return values;
    }
}
