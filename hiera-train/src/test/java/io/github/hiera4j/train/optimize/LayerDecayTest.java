package io.github.hiera4j.train.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.torch.train.ParameterGroup;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LayerDecayTest {
    private static final Map<String, Shape> PARAMETERS =
            HieraVariant.HIERA_TINY_224.config().inferenceGraph().parameters();

    private static ParameterGroup groupOf(String name, List<ParameterGroup> groups) {
        return groups.stream()
                .filter(group -> group.parameters().contains(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void thePositionEmbeddingFollowsItsLayerUnlessItHasARateOfItsOwn() {
        List<ParameterGroup> byLayer = LayerDecay.groups(PARAMETERS, 12, 0.9, 0.05);
        assertThat(groupOf("pos_embed", byLayer).learningRateScale()).isCloseTo(Math.pow(0.9, 12), within(1e-12));
        List<ParameterGroup> own = LayerDecay.groups(PARAMETERS, 12, 0.9, 0.05, 0.5);
        assertThat(groupOf("pos_embed", own).learningRateScale()).isEqualTo(0.5);
        assertThat(groupOf("pos_embed", own).weightDecay()).isZero();
        assertThat(groupOf("patch_embed.proj.weight", own).learningRateScale())
                .isCloseTo(Math.pow(0.9, 12), within(1e-12));
        assertThat(own.stream().mapToInt(group -> group.parameters().size()).sum())
                .isEqualTo(PARAMETERS.size());
    }
}
