package io.github.hiera4j.serve.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StageTimesTest {
    private final StageTimes times = new StageTimes();

    @Test
    void viewsThatAreInAStageAtOnceCountOnce() throws Exception {
        long start = System.nanoTime();
        for (int view = 0; view < 8; view++) {
            times.begin(Stage.MODEL);
        }
        Thread.sleep(20);
        for (int view = 0; view < 8; view++) {
            times.end(Stage.MODEL);
        }
        long all = System.nanoTime() - start;
        Thread.sleep(5);
        times.during(Stage.MODEL, () -> 1);
        assertThat(times.nanos().get(Stage.MODEL)).isBetween(20_000_000L, all + 4_000_000);
    }

    @Test
    void onlyStagesThatTheRequestCameToAreListedInOrder() {
        times.during(Stage.ENCODE, () -> 1);
        times.begin(Stage.READ);
        assertThat(times.nanos()).containsOnlyKeys(Stage.READ, Stage.ENCODE);
        assertThat(times.nanos().keySet()).containsExactly(Stage.READ, Stage.ENCODE);
    }

    @Test
    void aFailureEndsItsStage() throws Exception {
        assertThatThrownBy(() -> times.during(Stage.DECODE, () -> {
                    throw new IllegalStateException("damaged");
                }))
                .hasMessage("damaged");
        Map<Stage, Long> then = times.nanos();
        assertThat(then).containsOnlyKeys(Stage.DECODE);
        Thread.sleep(5);
        assertThat(times.nanos()).isEqualTo(then);
    }
}
