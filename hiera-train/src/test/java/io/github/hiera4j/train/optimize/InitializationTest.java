package io.github.hiera4j.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.train.recipe.Models;
import org.junit.jupiter.api.Test;

/** The initial weights of the rungs of the ladder. */
class InitializationTest {
    private static final HieraConfig SMALL =
            Models.encoder("hiera_quick_64").toBuilder().numClasses(10).build();

    private static float[] values(ModelConfig config, String name) {
        return Initialization.of(config, 3).read(name).toFloats();
    }

    private static double deviation(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    @Test
    void mvitv2BeginsWithSmallWeightsAndZeroBiases() {
        ModelConfig start = LadderConfig.of(SMALL, Rung.ZERO);
        assertThat(deviation(values(start, "blocks.1.attn.qkv.weight"))).isCloseTo(.02, within(.001));
        assertThat(deviation(values(start, "head.projection.weight"))).isCloseTo(.02, within(.003));
        assertThat(deviation(values(start, "blocks.0.attn.rel_pos_h"))).isCloseTo(.02, within(.002));
        assertThat(values(start, "blocks.1.attn.qkv.bias")).containsOnly(0f);
        assertThat(values(start, "blocks.1.attn.norm_q.weight")).containsOnly(1f);
        assertThat(values(start, "blocks.1.attn.norm_q.bias")).containsOnly(0f);
        assertThat(largest(values(start, "patch_embed.proj.weight")))
                .isBetween(.9 / Math.sqrt(147), 1 / Math.sqrt(147));
    }

    @Test
    void poolingConvolutionsBeginWithinOneThird() {
        for (Rung rung : new Rung[] {Rung.ZERO, Rung.A}) {
            float[] weight = values(LadderConfig.of(SMALL, rung), "blocks.0.attn.pool_k.weight");
            assertThat(largest(weight)).isBetween(.3, 1.0 / 3);
            assertThat(deviation(weight)).isCloseTo(1 / 3.0 / Math.sqrt(3), within(.02));
        }
    }

    @Test
    void laterRungsBeginAsHieraDoes() {
        for (String name : new String[] {"blocks.1.attn.qkv.weight", "blocks.1.norm1.bias", "head.projection.weight"}) {
            assertThat(values(LadderConfig.of(SMALL, Rung.A), name)).isEqualTo(values(SMALL, name));
            assertThat(values(LadderConfig.of(SMALL, Rung.E), name)).isEqualTo(values(SMALL, name));
        }
        LadderMae mae = LadderMae.of(Models.autoencoder("hiera_quick_64", 0), Rung.C);
        assertThat(values(mae, "decoder_embed.weight"))
                .isEqualTo(values(Models.autoencoder("hiera_quick_64", 0), "decoder_embed.weight"));
        assertThat(values(mae, "blocks.1.norm1.bias")).containsOnly(0f);
    }
}
