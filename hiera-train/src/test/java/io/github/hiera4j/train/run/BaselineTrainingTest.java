package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.baseline.BaselineModel;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.VisionTransformerConfig;
import io.github.hiera4j.model.baseline.VisionTransformerMae;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.testing.TestFiles;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ViT and MViTv2 are pretrained and fine-tuned with the recipes of Hiera. */
class BaselineTrainingTest {
    private static final String VIT = "vit_16x2x2_patch16_64";

    @TempDir
    Path directory;

    private final List<String> notes = new ArrayList<>();

    /** Trains two updates. */
    private static Recipe brief(String name, String model) {
        return Recipes.named(name)
                .with("model", model)
                .with("batch_size", "4")
                .with("epochs", "1")
                .with("precision", "float32")
                .with("threads", "1");
    }

    private Path train(Recipe recipe, @Nullable Path start) {
        Path out = directory.resolve("run" + notes.size());
        Trainer trainer = Trainer.of(recipe).data(TinyData.of(8)).out(out).progress(new Progress() {
            @Override
            public void note(String note) {
                notes.add(note);
            }

            @Override
            public void step(Step step) {}

            @Override
            public void evaluated(long step, Map<String, Double> figures) {}
        });
        if (start != null) {
            trainer.start(start);
        }
        return trainer.run().model();
    }

    @Test
    void anAutoencoderOfVitIsPretrainedAndThenNamesClasses() {
        Path pretrained = train(brief("small-mae", VIT), null);
        try (Checkpoint mae = Checkpoint.open(pretrained)) {
            VisionTransformerMae model = (VisionTransformerMae) mae.config();
            assertThat(model.decoderDim()).isEqualTo(16);
            for (String table : VisionTransformerMae.POSITION_TABLES) { // fixed: still sines and cosines at the end
                assertThat(mae.weights().read(table).toFloats())
                        .containsExactly(model.positionTable(table).toFloats());
            }
            Recipe suited = Recipes.forModel(model).orElseThrow();
            assertThat(suited.model().name()).isEqualTo(VIT + "_mean");
            assertThat(Recipes.nameOf(suited)).isEqualTo("small-finetune");
        }

        Path tuned = train(brief("small-finetune", VIT + "_mean"), pretrained);
        assertThat(notes).contains("initialised randomly: fc_norm, head");
        try (Checkpoint before = Checkpoint.open(pretrained);
                Checkpoint after = Checkpoint.open(tuned)) {
            assertThat(after.config())
                    .isInstanceOfSatisfying(
                            VisionTransformerConfig.class,
                            vit -> assertThat(vit.averages()).isTrue());
            assertThat(after.weights().read("pos_embed").toFloats()) // now they are learned
                    .isNotEqualTo(before.weights().read("pos_embed").toFloats());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "timm_vit, vit_16x2x2_patch8_32, head",
        "hf_vit_mae, vit_16x1x2_patch8_32_mean, fc_norm",
        "timm_mvitv2_mlp, mvitv2_8x1_1-2-1_32_mlp, head.projection",
        "timm_mvitv2_cls, mvitv2_8x1_1-2-1_32_cls, head.projection",
        "mae_decoder, vit_64x1x1_patch8_32_mean, fc_norm",
    })
    void aCheckpointOfAnotherLibraryIsFineTuned(String name, String model, String fresh) {
        Path start = TestFiles.checkpoint("baselines/" + name);
        Recipe suited;
        BaselineModel tuned;
        try (Checkpoint before = Checkpoint.open(start)) {
            suited = Recipes.forModel(before.config()).orElseThrow();
            assertThat(suited.model().name()).isEqualTo(model);
            Path out = train(brief(Recipes.nameOf(suited), suited.model().name()), start);
            try (Checkpoint after = Checkpoint.open(out)) {
                tuned = (BaselineModel) after.config();
                assertThat(after.weights().names())
                        .allMatch(parameter -> before.weights().contains(parameter)
                                || parameter.startsWith("head.")
                                || parameter.startsWith("fc_norm."));
            }
        }
        assertThat(tuned.numClasses()).isEqualTo(2);
        assertThat(notes).anyMatch(note -> note.startsWith("initialised randomly: ") && note.contains(fresh));
    }

    @Test
    void aMViTv2OfVideosIsTrained() {
        Path out = directory.resolve("videos");
        Recipe recipe = brief("small-video-finetune", "mvitv2_8x1_1-1_4x32_cls").with("layer_decay", "0.8");
        Trainer.of(recipe).data(SmallSets.videos(directory, 4, 2)).out(out).run();
        try (Checkpoint trained = Checkpoint.open(out.resolve("model"))) {
            assertThat(trained.config())
                    .isInstanceOfSatisfying(
                            MViTv2Config.class,
                            model -> assertThat(model.hasClassToken()).isTrue());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "small-mae, mvitv2_8x1_1-1_64, rung, f, labels only",
        "small-mae, vit_16x2x2_patch16_64, mae_target, hog, normalised pixels",
        "small-finetune, vit_16x2x2_patch16_64, rung, c, is not on the ladder",
        "small-finetune, vit_16x2x2_patch16_64, input_size, 96, has its input size in its name",
        "small-finetune, vit_16x2x2_patch16_64, head_dropout, 0.5, head_dropout=0",
        "small-finetune, vit_16x2x3_patch16_64, rung, f, divisible",
        "small-finetune, vit_gigantic, rung, f, unknown model"
    })
    void aSettingThatAModelHasNotIsRefused(String recipe, String model, String key, String value, String message) {
        assertThatThrownBy(() -> train(brief(recipe, model).with(key, value), null))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(message);
    }
}
