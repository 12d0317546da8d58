package io.github.hiera4j.model.weights.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.checkpoint.Fixtures;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.PreprocessHints.CropOrder;
import io.github.hiera4j.model.weights.config.PreprocessHints.Views;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

public class SidecarFileTest {
    private static final HieraConfig CLIPS = HieraConfig.video()
            .inputSize(List.of(4, 64, 64))
            .embedDim(8)
            .stages(List.of(1, 1, 2, 1))
            .numClasses(10)
            .build();

    private static final List<String> NAMES =
            IntStream.range(0, 10).mapToObj(i -> "Klasse \"" + i + "\" ü\n").toList();

    private static final PreprocessHints OF_TIMM =
            new PreprocessHints(List.of(0.5, 0.4, 0.3), List.of(0.25, 0.26, 0.27), 0.95, "bilinear", List.of(64, 64));

    private static final PreprocessHints OF_TRAINING = new PreprocessHints(
            List.of(0.1, 0.2, 0.3),
            List.of(0.7, 0.8, 0.9),
            1.0 / 3,
            "bicubic",
            List.of(64, 64),
            CropOrder.CROP_THEN_RESIZE,
            Optional.empty());

    private static final PreprocessHints OF_CLIPS = new PreprocessHints(
            List.of(0.45, 0.45, 0.45),
            List.of(0.225, 0.225, 0.225),
            0.875,
            "bilinear",
            List.of(64, 64),
            CropOrder.CROP_THEN_RESIZE,
            Optional.of(new Views(2, 7, 1)));

    private static final String PREPARATION = "\"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5], \"crop_pct\": 0.9,"
            + " \"interpolation\": \"bicubic\", \"input_size\": [64, 64]";

    @TempDir
    Path directory;

    private static Path write(Path target, KeyStyle style, ModelConfig config, PreprocessHints hints) {
        new CheckpointWriter(style, Optional.empty(), NAMES, Optional.of(hints)).write(target, config, formula(config));
        return target;
    }

    private static WeightSource formula(ModelConfig config) {
        return new FormulaWeights(config.inferenceGraph().parameters());
    }

    private static List<String> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static Stream<Arguments> everyStyleThatCanExpressTheModel() {
        Stream<Arguments> pictures = Arrays.stream(KeyStyle.values())
                .flatMap(style ->
                        Stream.of(OF_TIMM, OF_TRAINING).map(hints -> Arguments.of(style, Fixtures.NANO, hints)));
        Stream<Arguments> clips = Stream.of(KeyStyle.OFFICIAL, KeyStyle.TIMM)
                .flatMap(style -> Stream.of(OF_TIMM, OF_CLIPS).map(hints -> Arguments.of(style, CLIPS, hints)));
        return Stream.concat(pictures, clips);
    }

    @ParameterizedTest
    @MethodSource("everyStyleThatCanExpressTheModel")
    void classNamesAndPreparationSurvive(KeyStyle style, ModelConfig config, PreprocessHints hints) {
        try (Checkpoint checkpoint = Checkpoint.open(write(directory.resolve("model"), style, config, hints))) {
            assertThat(checkpoint.classNames()).isEqualTo(NAMES);
            assertThat(checkpoint.preprocessHints()).contains(hints);
            assertThat(checkpoint.config()).isEqualTo(config);
        }
    }

    @ParameterizedTest
    @MethodSource("everyStyleThatCanExpressTheModel")
    void nothingIsLostOnTheWayToOfficialKeysAndBack(KeyStyle style, ModelConfig config, PreprocessHints hints) {
        Path first = write(directory.resolve("first"), style, config, hints);
        Path last = rewrite(rewrite(first, KeyStyle.OFFICIAL, "official"), style, "last");
        assertThat(last).isDirectoryNotContaining("glob:**.tmp");
        try (Checkpoint checkpoint = Checkpoint.open(last)) {
            assertThat(checkpoint.keyStyle()).isEqualTo(style);
            assertThat(checkpoint.classNames()).isEqualTo(NAMES);
            assertThat(checkpoint.preprocessHints()).contains(hints);
        }
    }

    private Path rewrite(Path from, KeyStyle style, String name) {
        Path target = directory.resolve(name);
        try (Checkpoint checkpoint = Checkpoint.open(from)) {
            new CheckpointWriter(style, Optional.empty(), checkpoint.classNames(), checkpoint.preprocessHints())
                    .write(target, checkpoint.config(), checkpoint.weights());
        }
        return target;
    }

    @Test
    void theOfficialConfigurationHoldsNothingThatItsConstructorWouldRefuse() throws IOException {
        Path named = write(directory.resolve("named"), KeyStyle.OFFICIAL, Fixtures.NANO, OF_TRAINING);
        Path plain = directory.resolve("plain");
        CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(plain, Fixtures.NANO, formula(Fixtures.NANO));
        assertThat(named.resolve("config.json")).hasSameTextualContentAs(plain.resolve("config.json"));
        assertThat(filesOf(named)).containsExactly("config.json", "hiera4j.json", "model.safetensors");
        assertThat(filesOf(plain)).containsExactly("config.json", "model.safetensors");
    }

    @Test
    void timmsOwnDescriptionSufficesForWhatTimmCanSay() throws IOException {
        assertThat(filesOf(write(directory.resolve("timm"), KeyStyle.TIMM, Fixtures.NANO, OF_TIMM)))
                .containsExactly("config.json", "model.safetensors");
    }

    @Test
    void timmsDefaultsAreNotTakenForThePreparationOfClips() {
        Path target = directory.resolve("clips");
        CheckpointWriter.inStyle(KeyStyle.TIMM).write(target, CLIPS, formula(CLIPS));
        try (Checkpoint checkpoint = Checkpoint.open(target)) {
            assertThat(checkpoint.preprocessHints()).isEmpty();
        }
    }

    @Test
    void aModelThatIsReplacedTakesItsNamesAndPreparationWithIt() throws IOException {
        Path target = write(directory.resolve("model"), KeyStyle.OFFICIAL, Fixtures.NANO, OF_TRAINING);
        CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(target, Fixtures.NANO, formula(Fixtures.NANO));
        assertThat(filesOf(target)).containsExactly("config.json", "model.safetensors");
        try (Checkpoint checkpoint = Checkpoint.open(target)) {
            assertThat(checkpoint.classNames()).isEmpty();
            assertThat(checkpoint.preprocessHints()).isEmpty();
        }
    }

    @Test
    void anotherModelsNamesAreNeitherOverwrittenNorTakenOver() throws IOException {
        Path sidecar = Files.writeString(directory.resolve("hiera4j.json"), "{\"label_names\": [\"a\"]}");
        CheckpointWriter plain = CheckpointWriter.inStyle(KeyStyle.OFFICIAL);
        CheckpointWriter named = new CheckpointWriter(KeyStyle.OFFICIAL, Optional.empty(), NAMES, Optional.empty());
        for (CheckpointWriter writer : List.of(plain, named)) {
            assertThatThrownBy(() ->
                            writer.write(directory.resolve("x.safetensors"), Fixtures.NANO, formula(Fixtures.NANO)))
                    .isInstanceOf(HieraException.class)
                    .hasMessage(sidecar + ": describes another model; choose another directory");
        }
        assertThat(filesOf(directory)).containsExactly("hiera4j.json");
    }

    @Test
    void classNamesThatAreNotOneForEachClassAreNotWritten() throws IOException {
        Path target = directory.resolve("model");
        new CheckpointWriter(KeyStyle.OFFICIAL, Optional.empty(), List.of("one"), Optional.empty())
                .write(target, Fixtures.NANO, formula(Fixtures.NANO));
        assertThat(filesOf(target)).containsExactly("config.json", "model.safetensors");
    }

    private Path modelWith(String sidecar) throws IOException {
        Path target = directory.resolve("model");
        CheckpointWriter.inStyle(KeyStyle.OFFICIAL).write(target, Fixtures.NANO, formula(Fixtures.NANO));
        Files.writeString(target.resolve("hiera4j.json"), sidecar);
        return target;
    }

    @Test
    void viewsHaveDefaults() throws IOException {
        Path target = modelWith("{\"frame_stride\": 3, " + PREPARATION + "}");
        try (Checkpoint checkpoint = Checkpoint.open(target)) {
            PreprocessHints hints = checkpoint.preprocessHints().orElseThrow();
            assertThat(hints.cropOrder()).isEqualTo(CropOrder.RESIZE_THEN_CROP);
            assertThat(hints.views()).contains(new Views(3, 5, 3));
            assertThat(checkpoint.classNames()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                        | not valid JSON",
                "[]                                       | expected a JSON object",
                "{\"a\": 1, \"a\": 2}                     | not valid JSON: Duplicate Object property \"a\"",
                "{\"label_names\": [\"a\", \"b\"]}        | has 2 classes, but the model has 10; correct or remove it",
                "{\"from_the_future\": 1}                 | the setting from_the_future is unknown",
                "{\"label_names\": \"a\"}                 | label_names must be a list",
                "{\"label_names\": [\"a\", 1]}            | label_names must contain only text, got 1",
                "{\"mean\": [0.5, 0.5, 0.5]}              | lacks std: the preprocessing of pictures needs [mean, std,",
                "{\"frame_stride\": 4}                    | lacks mean",
                "{\"crop_order\": \"none\", %s}           | crop_order must be resize_then_crop or crop_then_resize",
                "{\"crop_order\": 1, %s}                  | crop_order must be text",
                "{\"frame_stride\": 0, %s}                | frame_stride must be 1 to 1000, got 0",
                "{\"frame_stride\": 1e99, %s}             | frame_stride must be a whole number",
                "{\"test_clips\": 1000000, %s}            | test_clips must be 1 to 32, got 1000000",
                "{\"test_crops\": 2, %s}                  | test_crops must be 1 or 3, got 2",
                "{\"frame_stride\": \"\\n4\", %s}         | frame_stride must be a whole number",
            })
    void aFileThatCannotBeUsedIsToldInOneLine(String content, String fault) throws IOException {
        Path target = modelWith(String.format(java.util.Locale.ROOT, content, PREPARATION));
        assertThatThrownBy(() -> Checkpoint.open(target))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(target.resolve("hiera4j.json") + ": ")
                .hasMessageContaining(fault)
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0.9             | 0                          | crop_pct must be in (0, 1], got 0.0",
                "0.9             | 1.5                        | crop_pct must be in (0, 1], got 1.5",
                "0.9             | \"most\"                   | crop_pct must be a number, got \"most\"",
                "\"bicubic\"     | \"${jndi:x}\\n\\u001b[2J\" | interpolation must be a name, such as bicubic, got '",
                "[64, 64]        | [3, 64, 64]                | input_size must be height and width, got [3, 64, 64]",
                "\"std\": [0.5,  | \"std\": [0,               | std must be above 0",
                "\"std\": [0.5,  | \"std\": [0.5, 0.5,        | mean and std must have the same number of values",
            })
    void aPreparationThatMakesNoSenseIsToldInOneLine(String right, String wrong, String fault) throws IOException {
        Path target = modelWith("{" + PREPARATION.replace(right, wrong) + "}");
        assertThatThrownBy(() -> Checkpoint.open(target))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith(target.resolve("hiera4j.json") + ": ")
                .hasMessageContaining(fault)
                .message()
                .hasLineCount(1);
    }

    @Test
    void aFileTooLargeOrNoFileAtAllIsRefusedUnread() throws IOException {
        Path target = modelWith("{\"label_names\": [\"" + "x".repeat(17 << 20) + "\"]}");
        assertThatThrownBy(() -> Checkpoint.open(target))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("are too many for a configuration file");
        Files.delete(target.resolve("hiera4j.json"));
        Files.createDirectory(target.resolve("hiera4j.json"));
        assertThatThrownBy(() -> Checkpoint.open(target))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("hiera4j.json: expected a file, got a directory");
    }
}
