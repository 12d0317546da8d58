package io.github.hiera4j.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The plan of hiera_base_224, block by block, as in the released code. */
class BlockPlanTest {
    private final List<BlockPlan> plans = BlockPlan.of(HieraVariant.HIERA_BASE_224.config());

    @Test
    void channelsAndHeadsDoubleWhereAStageBegins() {
        assertThat(plans.stream().map(BlockPlan::dimOut).distinct()).containsExactly(96, 192, 384, 768);
        assertThat(plans.stream().map(BlockPlan::heads).distinct()).containsExactly(1, 2, 4, 8);
        assertThat(plans.stream().filter(BlockPlan::widens).map(BlockPlan::index))
                .containsExactly(2, 5, 21);
    }

    @Test
    void queriesArePooledByFourAtEachOfThreeTransitions() {
        assertThat(plans.stream().filter(plan -> plan.queryPool() == 4).map(BlockPlan::index))
                .containsExactly(2, 5, 21);
        assertThat(plans.stream().filter(plan -> plan.queryPool() == 1)).hasSize(21);
    }

    @Test
    void theBlockThatOpensTheFirstGlobalStageStillAttendsWithinMaskUnits() {
        String windows =
                plans.stream().map(plan -> String.valueOf(plan.windowTokens())).collect(Collectors.joining(" "));
        assertThat(windows).isEqualTo("64 64 16 16 16 4" + " 0".repeat(18));
        assertThat(plans.get(5).windows(784)).isEqualTo(49);
        assertThat(plans.get(21).windows(196)).isEqualTo(1);
    }

    @Test
    void dropPathGrowsLinearlyFromZero() {
        List<BlockPlan> dropping = BlockPlan.of(HieraVariant.HIERA_BASE_224.config().toBuilder()
                .dropPathRate(0.23)
                .build());
        assertThat(dropping.get(0).dropPath()).isZero();
        assertThat(dropping.get(1).dropPath()).isEqualTo(0.01);
        assertThat(dropping.get(23).dropPath()).isEqualTo(0.23);
    }
}
