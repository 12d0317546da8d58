package io.github.hiera4j.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.parity.Goldens;
import org.junit.jupiter.api.Test;

/** How batches are divided. */
class PortionsTest {
    private static Graph logits(HieraVariant variant) {
        return new Hiera(variant.config()).inferenceGraph().select(Hiera.LOGITS);
    }

    @Test
    void fourImagesOfABaseModelRunTogetherAndOneClip() {
        assertThat(Portions.size(logits(HieraVariant.HIERA_BASE_224), 64)).isEqualTo(4);
        assertThat(Portions.size(logits(HieraVariant.HIERA_BASE_224), 3)).isEqualTo(3);
        assertThat(Portions.size(logits(HieraVariant.HIERA_BASE_16X224), 8)).isEqualTo(1);
    }

    @Test
    void aBatchWhoseOutputJoinsItsSamplesIsNeverDivided() {
        Graph loss = Goldens.read("mae_hiera_tiny_224").graph().select("loss");
        assertThat(Portions.size(loss, 64)).isEqualTo(64);
    }
}
