package io.github.hiera4j.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

    @Test
    void everyHalfSurvivesTheWayToFloatAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float asHalf = HalfPrecision.fromFloat16((short) bits);
            float asBfloat = HalfPrecision.fromBfloat16((short) bits);
            if (!Float.isNaN(asHalf)) {
                assertThat(HalfPrecision.toFloat16(asHalf)).isEqualTo((short) bits);
            }
            if (!Float.isNaN(asBfloat)) {
                assertThat(HalfPrecision.toBfloat16(asBfloat)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void tiesRoundToEven() {
        assertThat(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(1 + 0x1p-8f)))
                .isEqualTo(1f);
        assertThat(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(1 + 3 * 0x1p-8f)))
                .isEqualTo(1 + 4 * 0x1p-8f);
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(1 + 0x1p-11f)))
                .isEqualTo(1f);
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(1 + 3 * 0x1p-11f)))
                .isEqualTo(1 + 4 * 0x1p-11f);
    }

    @Test
    void theEdgesOfHalfPrecisionAreKept() {
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(65504f))).isEqualTo(65504f);
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(65520f))).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(0x1p-24f))).isEqualTo(0x1p-24f);
        assertThat(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(0x1p-26f))).isZero();
        assertThat(Float.isNaN(HalfPrecision.fromFloat16(HalfPrecision.toFloat16(Float.NaN))))
                .isTrue();
        assertThat(Float.isNaN(HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(Float.NaN))))
                .isTrue();
    }
}
