package io.github.hiera4j.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantised files: the weights that are read, and scales that are rejected. */
class QuantizedWeightsTest {
    private static HostTensor bytes(DType type, Shape shape, int... values) {
        HostTensor tensor = HostTensor.allocate(type, shape);
        for (int i = 0; i < values.length; i++) {
            tensor.bytes().put(i, (byte) values[i]);
        }
        return tensor;
    }

    /** Returns a file with a layer of two outputs and three inputs. */
    private static WeightSource file(Consumer<Map<String, HostTensor>> change) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        tensors.put("fc.weight", bytes(DType.INT8, Shape.of(2, 3), 1, -64, 64, 0, 2, -3));
        tensors.put("fc.bias", HostTensor.of(Shape.of(2), 1f, 2f));
        tensors.put("fc.weight_scale", HostTensor.of(Shape.of(2), 0.5f, 0.25f));
        tensors.put("fc.input_scale", HostTensor.of(Shape.of(1), 0.1f));
        tensors.put("fc.input_zero_point", bytes(DType.UINT8, Shape.of(1), 200));
        change.accept(tensors);
        return QuantizedWeights.of(new NamedTensors("a file", tensors));
    }

    @Test
    void weightsAreServedInFloat32AndScalesApart() {
        WeightSource weights = file(tensors -> {});
        assertThat(weights.names()).containsExactly("fc.weight", "fc.bias");
        assertThat(weights.info("fc.weight")).isEqualTo(new TensorInfo(DType.FLOAT32, Shape.of(2, 3)));
        assertThat(weights.read("fc.weight").toFloats()).containsExactly(0.5f, -32, 32, 0, 0.5f, -0.75f);
        LinearQuantization layer = weights.quantization("fc.weight").orElseThrow();
        assertThat(layer.inputScale()).isEqualTo(0.1f);
        assertThat(layer.inputZeroPoint()).isEqualTo(200);
        assertThat(layer.weightScales()).containsExactly(0.5f, 0.25f);
        assertThat(weights.quantization("fc.bias")).isEmpty();
    }

    @Test
    void theIntegersComeBackFromTheFloats() {
        WeightSource weights = file(tensors -> {});
        HostTensor integers = weights.quantization("fc.weight").orElseThrow().quantize(weights.read("fc.weight"));
        assertThat(integers.toDoubles()).containsExactly(1, -64, 64, 0, 2, -3);
    }

    @Test
    void aFileWithoutScalesIsLeftAsItIs() {
        WeightSource plain = new NamedTensors("a file", Map.of("fc.weight", HostTensor.of(Shape.of(1), 1f)));
        assertThat(QuantizedWeights.of(plain)).isSameAs(plain);
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -0.1f, Float.NaN, Float.POSITIVE_INFINITY, 1e-38f, 3e38f})
    void aScaleThatIsNoPositiveNumberIsRefused(float scale) {
        assertThatThrownBy(() -> file(tensors -> tensors.put("fc.input_scale", HostTensor.of(Shape.of(1), scale))))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("a file: layer 'fc': the input scale must be a positive number");
        assertThatThrownBy(() -> file(tensors -> tensors.put("fc.weight_scale", HostTensor.of(Shape.of(2), 1f, scale))))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("the weight scale of channel 1 must be a positive number");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void scalesOfAnotherLengthAreRefused(int length) {
        HostTensor scales = HostTensor.allocate(DType.FLOAT32, Shape.of(length));
        assertThatThrownBy(() -> file(tensors -> tensors.put("fc.weight_scale", scales)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("'fc.weight_scale' must be float32 [2], got float32 [" + length + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fc.weight", "fc.weight_scale", "fc.input_scale", "fc.input_zero_point"})
    void aMissingPartIsRefused(String name) {
        assertThatThrownBy(() -> file(tensors -> tensors.remove(name)))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("fc.");
    }

    @Test
    void partsOfAnotherTypeAreRefused() {
        HostTensor floats = HostTensor.allocate(DType.FLOAT32, Shape.of(2, 3));
        assertThatThrownBy(() -> file(tensors -> tensors.put("fc.weight", floats)))
                .hasMessageContaining("'fc.weight' has scales, so it must be int8 [outputs, inputs]");
        HostTensor half = HostTensor.allocate(DType.FLOAT16, Shape.of(1));
        assertThatThrownBy(() -> file(tensors -> tensors.put("fc.input_scale", half)))
                .hasMessageContaining("'fc.input_scale' must be float32 [1]");
        HostTensor zeroPoints = bytes(DType.UINT8, Shape.of(2), 1, 2);
        assertThatThrownBy(() -> file(tensors -> tensors.put("fc.input_zero_point", zeroPoints)))
                .hasMessageContaining("'fc.input_zero_point' must be uint8 [1]");
    }

    @Test
    void aWeightThatCouldOverflowIsRefused() {
        WeightSource weights =
                file(tensors -> tensors.put("fc.weight", bytes(DType.INT8, Shape.of(2, 3), 1, 2, 3, 4, -65, 6)));
        assertThatThrownBy(() -> weights.read("fc.weight"))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("'fc.weight' contains -65 at element 4");
    }
}
