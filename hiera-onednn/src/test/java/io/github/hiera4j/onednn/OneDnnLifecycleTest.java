package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.testing.SessionLifecycle;
import org.junit.jupiter.api.Test;

class OneDnnLifecycleTest extends SessionLifecycle {
    OneDnnLifecycleTest() {
        super("onednn");
    }

    @Override
    protected long liveBytes() {
        return OneDnnSession.liveNativeBytes();
    }

    /** The failure occurs half-way through the plan, after weights were packed for its first layers. */
    @Test
    void aPlanThatFailsLeavesNoMoreThanTheWeights() {
        long before = liveBytes();
        GoldenCase nano = Goldens.read("nano_image");
        HieraConfig dropping =
                nano.config().encoder().toBuilder().dropPathRate(0.1).build();
        var training = new Hiera(dropping).trainingGraph().select(Hiera.LOGITS);
        try (OneDnnSession session = new OneDnnBackend().compile(training, nano.weights(), CompileOptions.DEFAULT)) {
            assertThatThrownBy(() -> session.run(nano.feeds())).isInstanceOf(HieraException.class);
            long afterFirst = liveBytes();
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> session.run(nano.feeds()))
                        .isInstanceOf(HieraException.class)
                        .hasMessageContaining("inference graphs only");
            }
            assertThat(liveBytes()).isEqualTo(afterFirst).isEqualTo(before + session.nativeBytes());
        }
        assertThat(liveBytes()).isEqualTo(before);
    }
}
