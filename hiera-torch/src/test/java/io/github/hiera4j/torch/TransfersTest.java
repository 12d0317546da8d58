package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestedDevice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies to and from the tested device; on a GPU, the larger sizes pass through page-locked memory. */
class TransfersTest {
    @ParameterizedTest
    @CsvSource({"Float, 0", "Double, 0", "BFloat16, 4e-3", "Half, 5e-4"})
    void valuesArriveAndComeBackInEveryElementType(ScalarType type, double relative) {
        for (Shape shape : List.of(Shape.of(1), Shape.of(0, 5), Shape.of(127, 129), Shape.of(3, 5, 7, 1001))) {
            HostTensor values = FormulaWeights.tensor("values", shape);

            try (TensorScope scope = new TensorScope()) {
                Tensor there = Transfers.toDevice(values, device(), type);
                HostTensor back = Transfers.toHost(there);

                assertThat(there.scalar_type().intern()).isEqualTo(type);
                assertThat(back.shape()).isEqualTo(shape);
                assertThat(worst(values, back)).isLessThanOrEqualTo(relative);
            }
        }
    }

    @Test
    void indicesStayIntegers() {
        long[] expected = LongStream.range(0, 20_000).map(i -> (1L << 40) - i).toArray();
        HostTensor indices = HostTensor.allocate(DType.INT64, Shape.of(expected.length));
        indices.bytes().asLongBuffer().put(expected);

        try (TensorScope scope = new TensorScope()) {
            HostTensor back = Transfers.toHost(Transfers.toDevice(indices, device(), ScalarType.Long));

            long[] actual = new long[expected.length];
            back.bytes().asLongBuffer().get(actual);
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void aTransposedTensorComesBackInItsOwnOrder() {
        HostTensor values = FormulaWeights.tensor("values", Shape.of(150, 301));

        try (TensorScope scope = new TensorScope()) {
            HostTensor back = Transfers.toHost(
                    Transfers.toDevice(values, device(), ScalarType.Float).t());

            assertThat(back.shape()).isEqualTo(Shape.of(301, 150));
            assertThat(back.get(1)).isEqualTo(values.get(301));
            assertThat(back.get(150)).isEqualTo(values.get(1));
        }
    }

    /** Memory that the GPU still reads must not be overwritten by the next copy. */
    @Test
    void manyCopiesAtOnceDoNotOverwriteEachOther() {
        Shape shape = Shape.of(1 << 20);
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> copies = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                float[] constant = new float[1 << 20];
                Arrays.fill(constant, i);
                copies.add(Transfers.toDevice(HostTensor.of(shape, constant), device(), ScalarType.Float));
            }

            for (int i = 0; i < copies.size(); i++) {
                HostTensor back = Transfers.toHost(copies.get(i));
                assertThat(back.get(0)).isEqualTo(i);
                assertThat(back.get((1 << 20) - 1)).isEqualTo(i);
            }
        }
    }

    private static Device device() {
        return NativeTensors.device(TestedDevice.NAME);
    }

    private static double worst(HostTensor expected, HostTensor actual) {
        double worst = 0;
        for (int i = 0; i < expected.elements(); i++) {
            double wanted = expected.get(i);
            worst = Math.max(worst, Math.abs(actual.get(i) - wanted) / Math.max(Math.abs(wanted), 1e-3));
        }
        return worst;
    }
}
