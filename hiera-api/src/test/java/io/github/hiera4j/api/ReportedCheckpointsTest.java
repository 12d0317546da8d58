package io.github.hiera4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files modelled on public bug reports; the expected probabilities are those of torch, timm and transformers. */
class ReportedCheckpointsTest {
    private static final Path SCENE = TestFiles.resource("/reports/scene.png");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "base_fp16.pth, 1, 0.248433, 4, 0.170385",
        "per_block_compile.pth, 1, 0.248433, 4, 0.170385",
        "activation_checkpoint.pth, 1, 0.248433, 4, 0.170385",
        "lightning_net.ckpt, 1, 0.248433, 4, 0.170385",
        "only_ema.pth, 1, 0.248433, 4, 0.170385",
        "hf_preprocessor, 1, 0.227706, 0, 0.191603",
        "timm_pool_max, 9, 0.340007, 4, 0.219140",
    })
    void theTwoLikeliestClassesAreRight(String name, int first, double likeliest, int second, double next) {
        try (HieraClassifier hiera = HieraClassifier.load(TestFiles.resource("/reports/" + name))) {
            List<Classification> guesses = hiera.classify(ImageReader.read(SCENE), 2);
            assertThat(guesses).extracting(Classification::index).containsExactly(first, second);
            assertThat(guesses.get(0).probability()).isCloseTo(likeliest, within(2e-6));
            assertThat(guesses.get(1).probability()).isCloseTo(next, within(2e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf_nopool", "hf_backbone"})
    void aModelWithoutHeadGivesStageMapsAndSaysWhatItLacks(String name) {
        try (HieraClassifier whole = HieraClassifier.load(TestFiles.resource("/reports/base_fp16.pth"));
                HieraBackbone hiera = HieraBackbone.load(TestFiles.resource("/reports/" + name))) {
            List<FeatureMap> expected = whole.features(SCENE);
            List<FeatureMap> actual = hiera.features(SCENE);
            assertThat(actual).hasSameSizeAs(expected);
            for (int stage = 0; stage < expected.size(); stage++) {
                float[] map = actual.get(stage).values().toFloats();
                // The other file holds the same weights in half precision.
                assertThat(distance(map, expected.get(stage).values().toFloats()))
                        .isLessThan(1e-3);
            }
            assertThatThrownBy(() -> HieraClassifier.load(TestFiles.resource("/reports/" + name)))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("no head");
            // Without a final norm, an embedding is the mean over the last map, as for an autoencoder's encoder.
            FeatureMap last = actual.get(actual.size() - 1);
            float[] map = last.values().toFloats();
            float[] embedding = hiera.embed(SCENE);
            double[] mean = new double[embedding.length];
            int positions = map.length / mean.length;
            for (int i = 0; i < map.length; i++) {
                mean[i % mean.length] += (double) map[i] / positions;
            }
            for (int channel = 0; channel < mean.length; channel++) {
                assertThat(embedding[channel]).isCloseTo((float) mean[channel], within(1e-4f));
            }
        }
    }

    private static double distance(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    @ParameterizedTest
    @EnumSource(KeyStyle.class)
    void convertingInventsNoPreparation(KeyStyle style) {
        try (Checkpoint checkpoint = Checkpoint.open(TestFiles.resource("/reports/base_fp16.pth"))) {
            new CheckpointWriter(style, Optional.empty(), checkpoint.classNames(), checkpoint.preprocessHints())
                    .write(directory, checkpoint.config(), checkpoint.weights());
        }
        try (HieraClassifier hiera = HieraClassifier.load(directory)) {
            Classification guess = hiera.classify(ImageReader.read(SCENE), 1).get(0);
            assertThat(guess.index()).isEqualTo(1);
            assertThat(guess.probability()).isCloseTo(0.248433, within(2e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(KeyStyle.class)
    void convertingKeepsAPreparationOfAnotherTool(KeyStyle style) {
        Path source = TestFiles.resource("/reports/hf_preprocessor");
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            new CheckpointWriter(style, Optional.empty(), checkpoint.classNames(), checkpoint.preprocessHints())
                    .write(directory, checkpoint.config(), checkpoint.weights());
        }
        try (HieraClassifier hiera = HieraClassifier.load(directory);
                HieraClassifier original = HieraClassifier.load(source)) {
            assertThat(hiera.classify(SCENE, 10)).isEqualTo(original.classify(SCENE, 10));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"do_resize", "resample", "crop_size"})
    void aPreparationThatIsNotSupportedIsRefusedByItsNameUnlessAnotherIsAskedFor(String setting) throws IOException {
        copy(TestFiles.resource("/reports/hf_preprocessor"));
        Path file = directory.resolve("preprocessor_config.json");
        String text = Files.readString(file);
        String changed = text.replace("\"do_resize\": true", "\"do_resize\": false");
        changed = setting.equals("resample") ? text.replace("\"resample\": 3", "\"resample\": 0") : changed;
        changed = setting.equals("crop_size") ? text.replace("\"height\": 64", "\"height\": 32") : changed;
        assertThat(changed).isNotEqualTo(text);
        Files.writeString(file, changed);
        assertThatThrownBy(() -> HieraClassifier.load(directory))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("preprocessor_config.json")
                .hasMessageContaining(setting)
                .hasMessageContaining("--preprocess released");
        HieraClassifier.load(directory, LoadOptions.DEFAULT.withReleasedPreprocessing())
                .close();
    }

    @Test
    void theAveragedWeightsOfAFileWithoutOthersAreTaken() {
        Path file = TestFiles.resource("/reports/only_ema.pth");
        try (HieraClassifier hiera = HieraClassifier.load(file, LoadOptions.DEFAULT.withAveragedWeights())) {
            assertThat(hiera.classify(SCENE, 1).get(0).index()).isEqualTo(1);
        }
    }

    private void copy(Path from) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        directory.resolve(
                                Objects.requireNonNull(file.getFileName()).toString()));
            }
        }
    }
}
