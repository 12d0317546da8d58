package io.github.hiera4j.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedAccuracyTest {
    @ParameterizedTest
    @CsvSource({
        "in1k-finetune-base, 1000, 0.845, 1",
        "inat-finetune-large, 8142, 0.809, 1",
        "inat-finetune-huge-448, 5089, 0.838, 1",
        "places365-finetune-base-plus, 365, 0.592, 1",
        "k400-finetune-huge, 400, 0.878, 15",
        "k600-finetune-large, 600, 0.883, 15",
        "k700-finetune-huge, 700, 0.811, 15",
        "ssv2-finetune, 174, 0.749, 3",
        "ssv2-finetune-32, 174, 0.765, 3"
    })
    void aRecipesModelHasThePapersFigureAndItsViews(String name, int classes, double top1, int views) {
        Recipe recipe = Recipes.named(name);

        PublishedAccuracy paper =
                PublishedAccuracy.of(Models.encoder(recipe.model()), classes).orElseThrow();

        assertThat(paper.top1()).isEqualTo(top1);
        assertThat(paper.views())
                .isEqualTo(views)
                .isEqualTo(BatchPlans.views(recipe.data(), Models.encoder(recipe.model())));
    }

    @Test
    void otherModelsSizesAndDataHaveNone() {
        HieraConfig base = Models.encoder("hiera_base_224");

        assertThat(PublishedAccuracy.of(base, 10)).isEmpty();
        assertThat(PublishedAccuracy.of(Models.encoder("hiera_quick_64"), 1000)).isEmpty();
        assertThat(PublishedAccuracy.of(base.resized(java.util.List.of(448, 448)), 1000))
                .isEmpty();
    }

    @Test
    void modelsThatThePaperComparesWithAreFoundByName() {
        PublishedAccuracy video = PublishedAccuracy.named("vit_base_patch16_16x224", List.of(16, 224, 224), 400)
                .orElseThrow();
        assertThat(video.top1()).isEqualTo(.815);
        assertThat(PublishedAccuracy.named("vit_base_patch16_224", List.of(224, 224), 1000))
                .isEmpty();
    }
}
