package io.github.hiera4j.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.graph.Graph;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HieraConfigTest {

    static Stream<Arguments> brokenConfigurations() {
        return Stream.of(
                Arguments.of(HieraConfig.image().inputSize(List.of(222, 224)), "divisible by patch_stride"),
                Arguments.of(HieraConfig.image().inputSize(List.of(240, 224)), "divisible by mask_unit_size"),
                Arguments.of(HieraConfig.image().maskUnitSize(List.of(4, 4)), "q_stride^(stages-1) = 8"),
                Arguments.of(HieraConfig.image().qPool(4), "q_pool must be from 0 to 3, got 4"),
                Arguments.of(HieraConfig.image().qStride(List.of(2)), "q_stride must have 2 entries"),
                Arguments.of(HieraConfig.image().stages(List.of(2, 0, 16, 3)), "at least one block each"),
                Arguments.of(HieraConfig.image().maskUnitAttn(List.of(true)), "one entry per stage"),
                Arguments.of(HieraConfig.image().inputSize(List.of()), "1 to 3 axes"),
                Arguments.of(HieraConfig.image().patchPadding(List.of(0, 0)), "tokens on axis 0"),
                Arguments.of(HieraConfig.image().sepPosEmbed(true), "needs a time axis"),
                Arguments.of(HieraConfig.image().dropPathRate(1), "drop_path_rate must be in [0, 1)"),
                Arguments.of(HieraConfig.image().embedDim(0), "embed_dim must be at least 1"));
    }

    @ParameterizedTest
    @MethodSource("brokenConfigurations")
    void aBrokenRuleIsNamedWithItsNumbers(HieraConfigBuilder builder, String complaint) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(HieraException.class)
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("\n");
    }

    @Test
    void headsThatDoNotDivideTheChannelsAreAnErrorThatNamesTheNode() {
        HieraConfig config = HieraConfig.image().embedDim(100).numHeads(3).build();
        assertThatThrownBy(config::inferenceGraph)
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("blocks.0.attn.attention")
                .hasMessageContaining("3 × 3 heads");
    }

    @Test
    void aBuilderOfAConfigurationGivesItBack() {
        HieraConfig config = HieraVariant.HIERA_LARGE_16X224.config();
        assertThat(config.toBuilder().build()).isEqualTo(config);
    }

    @Test
    void sequencesImagesAndVideosWithoutPoolingOfTimeAllBuild() {
        HieraConfig sequence = HieraConfig.image()
                .inputSize(List.of(256))
                .qStride(List.of(2))
                .maskUnitSize(List.of(8))
                .patchKernel(List.of(7))
                .patchStride(List.of(4))
                .patchPadding(List.of(3))
                .embedDim(8)
                .stages(List.of(1, 1, 1, 1))
                .build();
        Graph graph = sequence.inferenceGraph();
        assertThat(graph.output(Hiera.stage(1)).shape()).hasToString("[B, 64, 8]");
        assertThat(graph.output(Hiera.stage(4)).shape()).hasToString("[B, 8, 64]");
    }
}
