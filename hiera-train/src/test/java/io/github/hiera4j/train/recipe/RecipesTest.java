package io.github.hiera4j.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
    void aRecipeChoosesTheInputSize() {
        Recipe recipe = Recipes.named("small-finetune");
        assertThat(Models.encoder(recipe).inputSize()).containsExactly(64, 64);
        assertThat(Models.encoder(recipe.with("input_size", "96")).inputSize()).containsExactly(96, 96);
        assertThat(Models.autoencoder(Recipes.named("small-mae").with("input_size", "96x64"))
                        .encoder()
                        .inputSize())
                .containsExactly(96, 64);
        Recipe clips = Recipes.named("small-video-finetune");
        assertThat(Models.encoder(clips.with("input_size", "4x48x64")).inputSize())
                .containsExactly(4, 48, 64);
        assertThat(Models.encoder(clips.with("input_size", "48")).inputSize()).containsExactly(8, 48, 48);
        assertThatThrownBy(() -> recipe.with("input_size", "large")).hasMessageContaining("256x320");
        assertThatThrownBy(() -> Models.encoder(recipe.with("input_size", "100")))
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
        assertThat(RecipeSettings.assignAll(Recipes.named("small-mae"), file).epochs())
                .isEqualTo(7);

        Files.writeString(file, "epochs: 7\nepochs: many\n");
        assertThatThrownBy(() -> RecipeSettings.assignAll(Recipes.named("small-mae"), file))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("epochs must be a number");
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
