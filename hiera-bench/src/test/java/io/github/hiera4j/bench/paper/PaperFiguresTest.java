package io.github.hiera4j.bench.paper;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.baseline.BaselineVariant;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.network.HieraVariant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The paper's tables agree where they overlap. */
class PaperFiguresTest {
    private static double speed(Enum<?> model) {
        String name = model instanceof HieraVariant hiera ? hiera.officialName() : ((BaselineVariant) model).label();
        return PaperSpeed.of(name).orElseThrow();
    }

    @Test
    void theLadderBeginsAtMViTv2AndEndsAtHiera() {
        assertThat(PaperRung.of(Rung.ZERO, false).samplesPerSecond()).isEqualTo(speed(BaselineVariant.MVITV2_LARGE));
        assertThat(PaperRung.of(Rung.ZERO, true).samplesPerSecond())
                .isEqualTo(speed(BaselineVariant.MVITV2_LARGE_16X224));
        assertThat(Math.round(PaperRung.of(Rung.F, false).samplesPerSecond()))
                .isEqualTo(Math.round(speed(HieraVariant.HIERA_LARGE_224)));
        assertThat(PaperRung.of(Rung.F, true).samplesPerSecond()).isEqualTo(speed(HieraVariant.HIERA_LARGE_16X224));
    }

    @Test
    void everyPublishedHieraOfThePaperHasASpeed() {
        assertThat(Arrays.stream(HieraVariant.values()).filter(variant -> !variant.hasAbsoluteWindows()))
                .allSatisfy(variant -> assertThat(speed(variant)).isPositive());
        assertThat(PaperSpeed.of("hiera_nano_224")).isEmpty();
    }
}
