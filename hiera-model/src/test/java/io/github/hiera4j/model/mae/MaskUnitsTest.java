package io.github.hiera4j.model.mae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.network.HieraVariant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskUnitsTest {

    @Test
    void theReleasedRatiosKeepNineteenOfFortyNineAndThirtyNineOf392() {
        assertThat(MaskUnits.keepCount(49, 0.6)).isEqualTo(19);
        assertThat(MaskUnits.keepCount(392, 0.9)).isEqualTo(39);
    }

    @Test
    void aRatioThatKeepsOrHidesNothingSaysSo() {
        assertThatThrownBy(() -> MaskUnits.keepCount(4, 0.9))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("keeps none of 4 mask units");
        assertThatThrownBy(() -> MaskUnits.keepCount(49, 1e-20))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("hides none of 49 mask units");
        assertThatThrownBy(() -> MaskUnits.keepCount(49, 1.5)).isInstanceOf(HieraException.class);
        assertThatThrownBy(() -> MaskUnits.keepCount(49, Double.NaN)).isInstanceOf(HieraException.class);
    }

    @Test
    void theSmallestNumbersStayVisibleInAscendingOrder() {
        MaskUnits mask = MaskUnits.fromNoise(new double[][] {{0.9, 0.1, 0.5, 0.2}, {0.1, 0.9, 0.8, 0.2}}, 0.5);
        assertThat(mask.visible()).containsExactly(List.of(1, 3), List.of(0, 3));
    }

    @Test
    void aSeedGivesTheSameMaskAgain() {
        MaeConfig config = MaeConfig.around(HieraVariant.HIERA_TINY_224.config());
        MaskUnits first = MaskUnits.random(config, 3, 0.6, new Random(7));
        assertThat(MaskUnits.random(config, 3, 0.6, new Random(7))).isEqualTo(first);
        assertThat(MaskUnits.random(config, 3, 0.6, new Random(8))).isNotEqualTo(first);
        assertThat(first.keep()).isEqualTo(19);
    }

    @Test
    void visibleUnitsMustAscendAndExist() {
        assertThatThrownBy(() -> new MaskUnits(4, List.of(List.of(2, 1)))).isInstanceOf(HieraException.class);
        assertThatThrownBy(() -> new MaskUnits(4, List.of(List.of(1, 4)))).isInstanceOf(HieraException.class);
        assertThatThrownBy(() -> new MaskUnits(4, List.of(List.of(1), List.of(1, 2))))
                .isInstanceOf(HieraException.class);
    }
}
