package io.github.hiera4j.model.hieradet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.cost.ModelCost;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HieraDetConfigTest {
    @ParameterizedTest
    @CsvSource({"TINY, 26849472", "SMALL, 33947328", "BASE_PLUS, 68675712", "LARGE, 212149296"})
    void publishedTrunksHaveTheirParameters(HieraDetVariant variant, long parameters) {
        Graph graph = new HieraDet(variant.config()).inferenceGraph();
        assertThat(ModelCost.of(graph).parameters()).isEqualTo(parameters);
    }

    @Test
    void noParameterDependsOnTheInputSize() {
        HieraDetConfig tiny = HieraDetVariant.TINY.config();
        assertThat(new HieraDet(tiny.resized(320, 512)).inferenceGraph().parameters())
                .isEqualTo(new HieraDet(tiny).inferenceGraph().parameters());
    }

    @Test
    void stageMapsHaveTheSizesThatTheConfigurationTells() {
        HieraDetConfig config = HieraDetVariant.BASE_PLUS.config().resized(509, 1000 - 8);
        Graph graph = new HieraDet(config).inferenceGraph();
        for (int stage = 0; stage < 4; stage++) {
            List<Integer> grid = config.stageGrid(stage);
            assertThat(graph.output(Hiera.stage(stage + 1)).shape())
                    .isEqualTo(Shape.batched(grid.get(0), grid.get(1), config.stageDim(stage)));
        }
        assertThat(config.tokenGrid()).containsExactly(128, 248);
    }

    @Test
    void aSizeThatDoesNotFitIsRefusedWithTheNearestSizes() {
        assertThatThrownBy(() -> HieraDetVariant.TINY.config().resized(1000, 1024))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("250 tokens")
                .hasMessageContaining("992 and 1024");
    }

    @Test
    void aWindowThatABlockPoolsInsideMustBeEven() {
        assertThatThrownBy(() ->
                        HieraDetConfig.builder().windows(List.of(8, 4, 7, 7)).build())
                .hasMessageContaining("the window of stage 3 must be even");
    }

    @Test
    void aBlockThatOpensAStageCannotBeGlobal() {
        assertThatThrownBy(
                        () -> HieraDetConfig.builder().globalBlocks(Set.of(3)).build())
                .hasMessageContaining("block 3 opens stage 3");
        assertThatThrownBy(
                        () -> HieraDetConfig.builder().globalBlocks(Set.of(12)).build())
                .hasMessageContaining("from 0 to 11");
    }

    @Test
    void windowsThatDivideTheGridMoveNothingBetweenBlocksOfAStage() {
        HieraDetConfig config = HieraDetConfig.builder()
                .inputSize(List.of(128, 128))
                .stages(List.of(3, 1, 1, 1))
                .windows(List.of(8, 4, 2, 1))
                .globalBlocks(Set.of())
                .build();
        long moves = new HieraDet(config)
                .inferenceGraph().nodes().stream()
                        .filter(node -> node.name().startsWith("image_encoder.trunk.blocks."))
                        .filter(node -> node.op().label().equals("Permute"))
                        .count();
        assertThat(moves).isEqualTo(1); // a single move into windows
    }
}
