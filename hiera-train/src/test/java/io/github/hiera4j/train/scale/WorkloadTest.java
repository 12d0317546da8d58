package io.github.hiera4j.train.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import org.junit.jupiter.api.Test;

class WorkloadTest {
    private static final Recipe ADAMW =
            Recipes.named("small-finetune").with("precision", "float32").with("optimizer", "adamw");

    @Test
    void adamWHasParametersGradientAndTwoMoments() {
        Workload workload = Workload.of(ADAMW);
        assertThat(workload.stateBytes(1)).isEqualTo(workload.parameters() * (8.0 + 8.0));
    }

    @Test
    void inBfloat16ParametersAndGradientAreStoredInBothTypes() {
        Workload workload = Workload.of(ADAMW.with("precision", "bfloat16"));
        assertThat(workload.stateBytes(1)).isEqualTo(workload.parameters() * (8.0 + 4.0 + 8.0));
    }

    @Test
    void stochasticGradientDescentHasOneMomentum() {
        Workload workload = Workload.of(ADAMW.with("optimizer", "sgd"));
        assertThat(workload.stateBytes(1)).isEqualTo(workload.parameters() * (8.0 + 4.0));
    }

    @Test
    void aShardedOptimizerIsDividedAmongProcesses() {
        Workload workload = Workload.of(ADAMW.with("shard_optimizer", "true"));
        assertThat(workload.stateBytes(4)).isEqualTo(workload.parameters() * (8.0 + 2.0));
    }

    @Test
    void bfloat16HalvesTheExchangedGradient() {
        Workload whole = Workload.of(ADAMW);
        Workload half = Workload.of(ADAMW.with("gradient_exchange", "bfloat16"));
        assertThat(half.gradientBytes()).isEqualTo(whole.gradientBytes() / 2);
    }
}
