package io.github.hiera4j.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipesTest {
    static java.util.List<String> names() {
        return Recipes.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyRecipeIsCompleteAndItsModelExists(String name) {
        Recipe recipe = Recipes.named(name);

        assertThat(RecipeSettings.parse(RecipeSettings.of(recipe))).isEqualTo(recipe);
        assertThat(Models.encoder(recipe.model().name()).depth()).isPositive();
        assertThat(Models.autoencoder(recipe.model().name(), 0.1).decoderDepth())
                .isPositive();
    }

    /** Table 12b: the same model and schedule on 32 frames, at half the batch and rate, without mixing and smoothing. */
    @Test
    void somethingSomethingIsTunedOnThirtyTwoFramesAsInThePaper() {
        Recipe recipe = Recipes.named("ssv2-finetune-32");

        assertThat(Models.encoder(recipe.model()).inputSize()).containsExactly(32, 224, 224);
        assertThat(RecipeSettings.of(recipe))
                .containsEntry("reference_batch", "128")
                .containsEntry("learning_rate", "0.08")
                .containsEntry("drop_path", "0.2")
                .containsEntry("head_dropout", "0.5")
                .containsEntry("layer_decay", "0.875")
                .containsEntry("epochs", "40")
                .containsEntry("optimizer", "sgd")
                .containsEntry("mixup", "0.0")
                .containsEntry("cutmix", "0.0")
                .containsEntry("smoothing", "0.0");
    }

    @Test
    void thePapersRatesScaleWithTheBatch() {
        Recipe recipe = Recipes.named("in1k-mae-base").with("batch_size", "256").with("accumulation", "2");

        assertThat(recipe.peakLearningRate()).isCloseTo(8e-4 / 8, within(1e-12));
    }

    @Test
    void aRecipeChoosesTheInputSize() {
        Recipe recipe = Recipes.named("small-finetune");
        assertThat(Models.encoder(recipe.model()).inputSize()).containsExactly(64, 64);
        assertThat(Models.encoder(recipe.with("input_size", "96").model()).inputSize())
                .containsExactly(96, 96);
        assertThat(Models.autoencoder(Recipes.named("small-mae")
                                .with("input_size", "96x64")
                                .model())
                        .encoder()
                        .inputSize())
                .containsExactly(96, 64);
        Recipe clips = Recipes.named("small-video-finetune");
        assertThat(Models.encoder(clips.with("input_size", "4x48x64").model()).inputSize())
                .containsExactly(4, 48, 64);
        assertThat(Models.encoder(clips.with("input_size", "48").model()).inputSize())
                .containsExactly(8, 48, 48);
        assertThatThrownBy(() -> recipe.with("input_size", "large")).hasMessageContaining("256x320");
        assertThatThrownBy(() -> Models.encoder(recipe.with("input_size", "100").model()))
                .hasMessageContaining("96 and 112");
    }

    @Test
    void settingsThatCameLaterAreCompletedInOlderRuns() {
        Recipe recipe = Recipes.named("small-mae");
        var older = new java.util.HashMap<>(RecipeSettings.of(recipe));
        older.remove("input_size");
        older.remove("position_rate");
        assertThat(RecipeSettings.parse(older)).isEqualTo(recipe);
    }

    @Test
    void anUnknownSettingSuggestsTheNearest() {
        assertThatThrownBy(() -> RecipeSettings.assign(Recipes.named("small-mae"), "learnin_rate=1"))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("did you mean 'learning_rate'?");
        assertThatThrownBy(() -> Recipes.named("in1k-finetun"))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("did you mean 'in1k-finetune'?");
    }

    @Test
    void aFileChangesSettingsAndNamesTheLineOfAFault(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("mine.yaml");
        Files.writeString(file, "# mine\nepochs: 7\nmix_mode = \"pair\"  # both styles\n");
        assertThat(RecipeSettings.assignAll(Recipes.named("small-mae"), file)
                        .optimisation()
                        .epochs())
                .isEqualTo(7);

        Files.writeString(file, "epochs: 7\nepochs: many\n");
        assertThatThrownBy(() -> RecipeSettings.assignAll(Recipes.named("small-mae"), file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("epochs must be a number");
    }

    @ParameterizedTest
    @CsvSource({
        "workers, 100000, 'workers must be from 1 to 256, got 100000'",
        "accumulation, 2147483647, 'accumulation must be from 1 to 65536, got 2147483647'",
        "batch_size, 0, batch_size must be from 1 to 65536",
        "epochs, -1, epochs must be from 1 to 1000000",
        "learning_rate, 0, learning_rate must be above 0",
        "learning_rate, NaN, learning_rate must be a finite number",
        "beta1, 1, beta1 must be at least 0.0 and below 1.0",
        "drop_path, 1, drop_path must be at least 0.0 and below 1.0",
        "cache_megabytes, 2147483647, cache_megabytes must be from 0 to 1048576",
        "frame_stride, 2147483647, frame_stride must be from 1 to 1000",
        "threads, 4096, threads must be from 0 to 1024",
        "device, tpu, 'device must be cpu, cuda or cuda:NUMBER'",
        "interpolation, cubist, cubist",
    })
    void everySettingHasItsRange(String key, String value, String message) {
        assertThatThrownBy(() -> Recipes.named("small-finetune").with(key, value))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(message);
    }

    /** Every number has a lower and an upper limit: nothing is accepted unchecked. */
    @ParameterizedTest
    @MethodSource("numbers")
    void noNumberIsUnbounded(String key) {
        Recipe recipe = Recipes.named("small-finetune");
        assertThatThrownBy(() -> recipe.with(key, "-2147483648")).isInstanceOf(HieraException.class);
        if (!key.equals("checkpoint_steps")) { // any number of steps
            assertThatThrownBy(() -> recipe.with(key, "2147483647")).isInstanceOf(HieraException.class);
        }
    }

    static java.util.List<String> numbers() {
        return RecipeSettings.of(Recipes.named("small-finetune")).entrySet().stream()
                .filter(setting -> setting.getValue().matches("[0-9.E-]+")
                        && !setting.getKey().equals("seed"))
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    @Test
    void longAndStrangeTextIsReadInLinearTimeAndNeverEchoedWhole(@TempDir Path directory) throws IOException {
        Recipe recipe = Recipes.named("small-mae");
        Path file = directory.resolve("long.yaml");
        String spaces = " ".repeat(900_000);
        String letters = "k".repeat(900_000);
        for (String line : java.util.List.of(
                "epochs" + spaces + "x",
                "epochs:" + spaces + "x",
                letters,
                letters + ": 1",
                "epochs: " + letters,
                "\u0007: 1",
                "model: \u001b[2J" + letters,
                "precision: " + letters)) {
            Files.writeString(file, line);
            long start = System.nanoTime();
            assertThatThrownBy(() -> RecipeSettings.assignAll(recipe, file))
                    .isInstanceOf(HieraException.class)
                    .message()
                    .satisfies(message -> assertThat(message.length()).isLessThan(700))
                    .doesNotContainPattern("\\p{Cntrl}");
            assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
        }
        Files.write(file, new byte[] {(byte) 0xff, 'a'});
        assertThatThrownBy(() -> RecipeSettings.assignAll(recipe, file)).hasMessageContaining("is not UTF-8 text");
        Files.writeString(file, "\uFEFFepochs: 3");
        assertThat(RecipeSettings.assignAll(recipe, file).optimisation().epochs())
                .isEqualTo(3);
    }

    @Test
    void aFileMayBeginWithAByteOrderMark(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.yaml"), "\ufeffepochs: 7\r\n---\r\nseed = 3\r\n");
        Recipe recipe = RecipeSettings.assignAll(Recipes.named("small-mae"), file);
        assertThat(recipe.optimisation().epochs()).isEqualTo(7);
        assertThat(recipe.run().seed()).isEqualTo(3);
    }

    /** Each of these once took seconds to minutes, or printed a megabyte. */
    @ParameterizedTest
    @ValueSource(strings = {"key", "spaces", "value", "spaces inside", "control characters", "no separator"})
    void aHostileFileIsRefusedAtOnceInOneShortLine(String kind, @TempDir Path directory) throws IOException {
        int size = 900_000;
        String content = switch (kind) {
            case "key" -> "k".repeat(size) + ": 1";
            case "spaces" -> "epochs" + " ".repeat(size);
            case "spaces inside" -> "epochs" + " ".repeat(4000) + "x" + " ".repeat(80) + "1";
            case "value" -> "epochs: " + "9".repeat(4000);
            case "no separator" -> "e".repeat(4000);
            default -> "\u001b[2J\u0007: 1";
        };
        Path file = Files.writeString(directory.resolve("mine.yaml"), content);
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> RecipeSettings.assignAll(Recipes.named("small-mae"), file))
                        .isInstanceOf(HieraException.class)
                        .hasMessageContaining("line 1")
                        .satisfies(fault -> assertThat(fault.getMessage())
                                .hasSizeLessThan(500)
                                .doesNotContainPattern("\\p{Cntrl}")));
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(
                                () -> RecipeSettings.assign(Recipes.named("small-mae"), "k".repeat(size) + "=1"))
                        .isInstanceOf(HieraException.class)
                        .satisfies(fault -> assertThat(fault.getMessage()).hasSizeLessThan(500)));
    }

    @Test
    void theRateWarmsUpAndFallsToTheEnd() {
        Schedule cosine = new Schedule(Schedule.Kind.COSINE, 1, 0, 10, 110);

        assertThat(cosine.at(0)).isCloseTo(0.1, within(1e-12));
        assertThat(cosine.at(9)).isCloseTo(1, within(1e-12));
        assertThat(cosine.at(60)).isCloseTo(0.5, within(1e-12));
        assertThat(cosine.at(109)).isLessThan(1e-3);
        assertThat(new Schedule(Schedule.Kind.LINEAR, 1, 0, 0, 100).at(25)).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void aRecipeIsChosenByTheWeightsToStartFrom() {
        assertThat(Recipes.forWeights(Models.encoder("hiera_tiny_224")))
                .contains(Recipes.named("photos-finetune").with("model", "hiera_tiny_224"));
        assertThat(Recipes.forWeights(
                        Models.autoencoder("hiera_large_16x224", 0).encoder()))
                .contains(Recipes.named("k400-finetune").with("model", "hiera_large_16x224"));
        Recipe small = Recipes.forWeights(Models.autoencoder("hiera_nano_64", 0).encoder())
                .orElseThrow();
        assertThat(small.model().name()).isEqualTo("hiera_nano_64");
        assertThat(Recipes.nameOf(small)).isEqualTo("small-finetune");
        assertThat(Recipes.forWeights(Models.encoder("hiera_tiny_224").toBuilder()
                        .embedDim(40)
                        .build()))
                .isEmpty();
    }
}
