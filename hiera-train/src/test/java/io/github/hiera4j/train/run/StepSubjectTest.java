package io.github.hiera4j.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training steps of the ladder's models are measured like those of Hiera. */
class StepSubjectTest {
    private static final HieraConfig NANO = HieraConfig.image()
            .inputSize(List.of(64, 64))
            .embedDim(16)
            .numHeads(1)
            .stages(List.of(1, 1, 1, 1))
            .numClasses(10)
            .build();

    private static StepBenchmark.Result measure(ModelConfig config) {
        return StepBenchmark.measure(config, 2, 0, CompileOptions.DEFAULT);
    }

    @Test
    void everyRungIsTrainedWithLabelsAndFromTheFirstOnAlsoAsAnAutoencoder() {
        for (Rung rung : List.of(Rung.ZERO, Rung.A, Rung.F)) {
            StepBenchmark.Result step = measure(LadderConfig.of(NANO, rung));
            assertThat(step.samplesPerSecond()).as(rung.label()).isPositive();
            assertThat(step.profile()).as(rung.label()).containsKey("linear weight gradient");
        }
        MaeConfig mae = new MaeConfig(NANO.toBuilder().numClasses(0).qPool(2).build(), 32, 1, 2);
        StepBenchmark.Result step = measure(new LadderMae(mae, Rung.A, true));
        assertThat(step.gflops()).isPositive();
    }

    @Test
    void theLastRungTakesTheOperationsOfHiera() {
        StepSubject rung = StepSubject.of(LadderConfig.of(NANO, Rung.F), 2);
        StepSubject hiera = StepSubject.of(NANO, 2);
        assertThat(rung.feeds()).containsOnlyKeys(hiera.feeds().keySet());
        assertThat(rung.graph().parameters()).isEqualTo(hiera.graph().parameters());
    }

    @Test
    void aBatchOutOfRangeIsRefused() {
        assertThatThrownBy(() -> StepSubject.of(NANO, 0))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("1 to 4096");
    }
}
