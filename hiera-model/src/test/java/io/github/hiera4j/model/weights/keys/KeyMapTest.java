package io.github.hiera4j.model.weights.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraVariant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

public class KeyMapTest {
    private static final List<Integer> TINY = HieraVariant.HIERA_TINY_224.stages();
    private static final Set<String> ENCODER =
            HieraVariant.HIERA_TINY_224.config().inferenceGraph().parameters().keySet();
    private static final Set<String> AUTOENCODER = MaeConfig.around(HieraVariant.HIERA_TINY_224.config())
            .inferenceGraph()
            .parameters()
            .keySet();

    @ParameterizedTest
    @EnumSource
    void namesOfAnEncoderComeBackAsTheyWent(KeyStyle style) {
        KeyMap there = KeyMap.writing(style, TINY, ENCODER);
        KeyMap back = KeyMap.reading(there.fileNames().values());
        assertThat(back.style()).isEqualTo(style);
        assertThat(back.fileNames()).isEqualTo(there.fileNames());
    }

    @Test
    void namesOfAnAutoencoderComeBackFromTransformersAsTheyWent() {
        KeyMap there = KeyMap.writing(KeyStyle.TRANSFORMERS, TINY, AUTOENCODER);
        assertThat(KeyMap.reading(there.fileNames().values()).fileNames()).isEqualTo(there.fileNames());
    }

    @ParameterizedTest
    @CsvSource({
        "blocks.0.norm1.weight, hiera.encoder.stages.0.layers.0.layernorm_before.weight",
        "blocks.1.proj.bias, hiera.encoder.stages.1.layers.0.proj.bias",
        "blocks.9.norm2.bias, hiera.encoder.stages.2.layers.6.layernorm_after.bias",
        "blocks.11.mlp.fc2.weight, hiera.encoder.stages.3.layers.1.mlp.fc2.weight",
        "pos_embed, hiera.embeddings.position_embeddings",
        "norm.weight, hiera.pooler.layernorm.weight",
        "head.projection.bias, classifier.bias",
    })
    void transformersCountsBlocksWithinTheirStage(String official, String transformers) {
        assertThat(KeyMap.writing(KeyStyle.TRANSFORMERS, TINY, ENCODER).fileNames())
                .containsEntry(official, transformers);
    }

    @ParameterizedTest
    @CsvSource({
        "decoder_blocks.7.norm2.weight, decoder.decoder_block.layers.7.layernorm_after.weight",
        "encoder_norm.bias, encoder_norm.bias",
        "mask_token, decoder.mask_token",
        "decoder_pos_embed, decoder.decoder_position_embeddings",
        "decoder_embed.weight, decoder.decoder_embeddings.weight",
        "multi_scale_fusion_heads.1.bias, multiscale_fusion.multi_scale_fusion_heads.1.bias",
    })
    void transformersKeepsTheDecoderApart(String official, String transformers) {
        assertThat(KeyMap.writing(KeyStyle.TRANSFORMERS, TINY, AUTOENCODER).fileNames())
                .containsEntry(official, transformers);
    }

    @Test
    void aBareTransformersModelHasNoPrefix() {
        Set<String> headless = new TreeSet<>(ENCODER);
        headless.removeIf(name -> name.startsWith("head."));
        KeyMap written = KeyMap.writing(KeyStyle.TRANSFORMERS, TINY, headless);
        assertThat(written.fileNames().values()).noneMatch(name -> name.startsWith("hiera."));
        assertThat(KeyMap.reading(written.fileNames().values()).fileNames()).isEqualTo(written.fileNames());
    }

    @ParameterizedTest
    @ValueSource(strings = {"module.", "model.", "_orig_mod.", "module._orig_mod.", "model.module."})
    void prefixesOfWrappersAreStripped(String prefix) {
        for (KeyStyle style : KeyStyle.values()) {
            List<String> wrapped = KeyMap.writing(style, TINY, ENCODER).fileNames().values().stream()
                    .map(prefix::concat)
                    .toList();
            KeyMap map = KeyMap.reading(wrapped);
            assertThat(map.style()).isEqualTo(style);
            assertThat(map.fileNames().keySet()).containsExactlyInAnyOrderElementsOf(ENCODER);
        }
    }

    @Test
    void timmsPretrainedEncoderHasItsNormUnderTheHead() {
        KeyMap map = KeyMap.reading(List.of("patch_embed.proj.weight", "head.norm.weight"));
        assertThat(map.style()).isEqualTo(KeyStyle.TIMM);
        assertThat(map.fileNames()).containsEntry("norm.weight", "head.norm.weight");
    }

    @Test
    void anUnknownNameIsPassedOn() {
        KeyMap map = KeyMap.reading(List.of("patch_embed.proj.weight", "surprise"));
        assertThat(map.fileNames()).containsEntry("surprise", "surprise");
    }

    @Test
    void twoTensorsOfOneMeaningAreRefused() {
        List<String> names = List.of("patch_embed.proj.weight", "head.norm.weight", "norm.weight");
        assertThatThrownBy(() -> KeyMap.reading(names))
                .isInstanceOf(HieraException.class)
                .hasMessage("tensors 'head.norm.weight' and 'norm.weight' both map to 'norm.weight'");
    }

    @Test
    void anotherKindOfModelIsNamedAsSuch() {
        assertThatThrownBy(() -> KeyMap.reading(List.of("conv1.weight", "fc.weight")))
                .isInstanceOf(HieraException.class)
                .hasMessageStartingWith("not a Hiera model: expected a tensor 'patch_embed.proj.weight'")
                .hasMessageEndingWith("the first tensor is 'conv1.weight'");
    }

    @Test
    void aGapBetweenTheStagesIsRefused() {
        List<String> names = List.of(
                "hiera.embeddings.patch_embeddings.projection.weight",
                "hiera.encoder.stages.0.layers.0.proj.weight",
                "hiera.encoder.stages.2.layers.0.proj.weight");
        assertThatThrownBy(() -> KeyMap.reading(names))
                .isInstanceOf(HieraException.class)
                .hasMessage("the tensors have 2 stages, but not stage 1");
    }
}
