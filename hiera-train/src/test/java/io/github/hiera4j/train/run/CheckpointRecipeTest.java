package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointRecipeTest {
    @TempDir
    private Path run;

    private CheckpointRecipe recipeOf(String model) {
        ModelConfig config = Models.encoder(model);
        new CheckpointWriter(KeyStyle.OFFICIAL, Optional.empty(), List.of(), Optional.empty())
                .write(run.resolve("model"), config, Initialization.of(config, 1));
        try (Checkpoint checkpoint = Checkpoint.open(run.resolve("model"))) {
            return CheckpointRecipe.of(checkpoint);
        }
    }

    @Test
    void theRunThatMadeTheWeightsSaysHowPixelsArePrepared() throws IOException {
        Files.writeString(
                run.resolve("manifest.json"),
                "{\"recipe\": {\"test_share\": \"0.75\", \"normalisation\": \"kinetics\", \"from_the_future\": \"1\"}}");
        CheckpointRecipe found = recipeOf("hiera_nano_64");
        assertThat(found.recipe().data().testShare()).isEqualTo(0.75);
        assertThat(found.recipe().data().normalisation()).isEqualTo("kinetics");
        assertThat(found.source()).endsWith("manifest.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "{\"recipe\": {\"epochs\": \"-1\"}}", "{\"recipe\": [[[", "[]"})
    void aManifestThatCannotBeUsedIsToldAndLeftAside(String content) throws IOException {
        Files.writeString(run.resolve("manifest.json"), content);
        CheckpointRecipe found = recipeOf("hiera_nano_64");
        assertThat(found.recipe()).isEqualTo(io.github.hiera4j.train.recipe.Recipes.named("small-finetune"));
    }

    @Test
    void withoutARunTheInputDecides() {
        assertThat(recipeOf("hiera_nano_64").source()).isEqualTo("small-finetune");
        assertThat(recipeOf("hiera_quick_8x32").source()).isEqualTo("small-video-finetune");
    }
}
