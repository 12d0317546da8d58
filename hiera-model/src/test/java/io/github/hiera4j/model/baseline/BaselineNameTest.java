package io.github.hiera4j.model.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.HieraVariant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of ViT and MViTv2, and the networks that they denote. */
class BaselineNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "vit_base_patch16_224",
                "vit_base_patch16_224_mean",
                "vit_huge_patch14_224",
                "vit_large_patch16_16x224_mean",
                "mvitv2_large",
                "mvitv2_base_cls",
                "mvitv2_base_16x224",
                "vit_192x12x3_patch16_224",
                "vit_48x3x2_patch8_64_mean",
                "vit_32x2x2_patch8_4x32",
                "mvitv2_8x1_1-2-1_32",
                "mvitv2_8x1_1-1_64_mlp",
                "mvitv2_24x1_1-1-2_8x32_cls",
                "mvitv2_24x1_1-1-2_64_mlp_cls"
            })
    void aNameSaysWhichNetworkItIs(String name) {
        BaselineModel model = BaselineName.find(name, 7).orElseThrow();
        assertThat(model.numClasses()).isEqualTo(7);
        assertThat(BaselineName.of(model)).contains(name);
    }

    @Test
    void everyPublishedModelHasItsOwnName() {
        assertThat(Arrays.stream(BaselineVariant.values())
                        .map(variant -> BaselineName.of(variant.model()).orElseThrow()))
                .containsExactlyElementsOf(Arrays.stream(BaselineVariant.values())
                        .map(BaselineVariant::label)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "vit_tiny_patch16_224, vit_192x12x3_patch16_224",
        "vit_small_patch16_384, vit_384x12x6_patch16_384",
        "vit_768x12x12_patch16_224, vit_base_patch16_224"
    })
    void aSizeHasOneNameOfThoseItGoesBy(String name, String canonical) {
        assertThat(BaselineName.of(BaselineName.find(name, 1).orElseThrow())).contains(canonical);
    }

    @Test
    void anAutoencoderIsNamedAsTheClassifierThatItBecomes() {
        VisionTransformerMae mae = VisionTransformerMae.around(
                BaselineVariant.VIT_BASE_PATCH16_224.visionTransformer(false).with(0, 0));
        assertThat(BaselineName.of(mae)).contains("vit_base_patch16_224_mean");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hiera_base_224",
                "vit_base_patch16_224_cls",
                "mvitv2_tiny_mean",
                "vit_192x12_patch16_224",
                "mvitv2_96x1_1--2_224",
                "vit_99999999999x1x1_patch1_1",
                "VIT_192x12x3_patch16_224",
                ""
            })
    void otherNamesAreNone(String name) {
        assertThat(BaselineName.find(name, 1)).isEmpty();
    }

    @Test
    void networksThatNoNameSaysHaveNone() {
        assertThat(BaselineName.of(new VisionTransformerConfig(List.of(32, 64), List.of(8, 8), 16, 1, 2, 3, false, 0)))
                .isEmpty();
        MViTv2Config otherKeys =
                new MViTv2Config(BaselineVariant.MVITV2_TINY.mvitv2().shape(), true, false, List.of(2, 2));
        assertThat(BaselineName.of(otherKeys)).isEmpty();
        assertThat(BaselineName.of(HieraVariant.HIERA_TINY_224.config())).isEmpty();
    }

    @Test
    void sizesThatDoNotFitTogetherAreRefused() {
        assertThatThrownBy(() -> BaselineName.find("vit_100x2x3_patch8_64", 1))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("divisible");
        assertThatThrownBy(() -> BaselineName.find("vit_96x2x3_patch10_64", 1))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("patch");
        assertThatThrownBy(() -> BaselineName.find("vit_96x2x3_patch0_64", 1)).isInstanceOf(HieraException.class);
    }
}
