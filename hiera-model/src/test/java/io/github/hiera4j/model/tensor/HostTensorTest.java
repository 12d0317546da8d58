package io.github.hiera4j.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTensorTest {
    private static final int COUNT = 10_001;

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void theFirstValueThatIsNotFiniteIsFoundWhereverItStands(float value) {
        for (int position : new int[] {0, 1, 4095, 4096, 8191, 8192, COUNT - 1}) {
            HostTensor tensor = HostTensor.allocate(DType.FLOAT32, Shape.of(COUNT));
            tensor.floats().put(position, value).put(COUNT - 1, Float.NaN);
            assertThat(tensor.firstNonFinite()).isEqualTo(position);
        }
    }

    @Test
    void theLargestAndTheSmallestNumbersAreFinite() {
        HostTensor tensor = HostTensor.of(
                Shape.of(6), Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE, -0f, 0f);
        assertThat(tensor.firstNonFinite()).isEqualTo(-1);
    }

    @Test
    void anEmptyTensorHasNoValueThatIsNotFinite() {
        assertThat(HostTensor.allocate(DType.FLOAT32, Shape.of(0)).firstNonFinite())
                .isEqualTo(-1);
    }

    @Test
    void otherTypesAreRefused() {
        HostTensor tensor = HostTensor.allocate(DType.INT64, Shape.of(2));
        assertThatThrownBy(tensor::firstNonFinite)
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("float32");
    }
}
