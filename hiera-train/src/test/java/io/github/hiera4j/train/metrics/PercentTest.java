package io.github.hiera4j.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PercentTest {
    @Test
    void aShareHasOneDecimal() {
        assertThat(Percent.of(0.9312)).isEqualTo("93.1 %");
        assertThat(Percent.of(0)).isEqualTo("0.0 %");
        assertThat(Percent.of(1)).isEqualTo("100.0 %");
    }

    @Test
    void whatCannotBeMeasuredIsADash() {
        assertThat(Percent.of(-1)).isEqualTo("-");
        assertThat(Percent.of(Double.NaN)).isEqualTo("-");
    }

    @Test
    void onlyAccuraciesAndPrecisionsAreShares() {
        assertThat(Percent.figure("top1", 0.5)).isEqualTo("50.0 %");
        assertThat(Percent.figure("box_ap", 0.25)).isEqualTo("25.0 %");
        assertThat(Percent.figure("frame_map", 0.4)).isEqualTo("40.0 %");
        assertThat(Percent.figure("validation_loss", 0.5)).isEqualTo("0.5000");
    }
}
