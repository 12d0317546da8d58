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
        assertThat(Models.encoder(recipe.model()).depth()).isPositive();
        assertThat(Models.autoencoder(recipe.model(), 0.1).decoderDepth()).isPositive();
    }

    @Test
    void thePapersRatesScaleWithTheBatch() {
        Recipe recipe = Recipes.named("in1k-mae-base").with("batch_size", "256").with("accumulation", "2");

        assertThat(recipe.peakLearningRate()).isCloseTo(8e-4 / 8, within(1e-12));
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
        assertThat(RecipeSettings.assignAll(Recipes.named("small-mae"), file).epochs())
                .isEqualTo(7);

        Files.writeString(file, "epochs: 7\nepochs: many\n");
        assertThatThrownBy(() -> RecipeSettings.assignAll(Recipes.named("small-mae"), file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("epochs must be a number");
    }

    @Test
    void aFileMayBeginWithAByteOrderMark(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.yaml"), "\ufeffepochs: 7\r\n---\r\nseed = 3\r\n");
        Recipe recipe = RecipeSettings.assignAll(Recipes.named("small-mae"), file);
        assertThat(recipe.epochs()).isEqualTo(7);
        assertThat(recipe.seed()).isEqualTo(3);
    }

    /** Each of these took seconds to minutes, or printed a megabyte. */
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
}
