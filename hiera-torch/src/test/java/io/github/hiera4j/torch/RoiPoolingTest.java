package io.github.hiera4j.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.graph.GraphBuilder;
import io.github.hiera4j.model.graph.Op;
import io.github.hiera4j.model.graph.Value;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.testing.TestedDevice;
import io.github.hiera4j.model.weights.NamedTensors;
import io.github.hiera4j.torch.train.OptimizerSettings;
import io.github.hiera4j.torch.train.ParameterGroup;
import io.github.hiera4j.torch.train.TorchTrainer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RoIAlign and its gradient in every element type, on the tested device. */
class RoiPoolingTest {
    private static final Op.RoiAlign TWO_LEVELS = new Op.RoiAlign(3, 2, List.of(.25, .125), 0, true);
    private static final HostTensor BOXES = HostTensor.of(Shape.of(4, 6), new float[] {
        0, 0, 3.5f, 2.25f, 30, 19.5f, // sample, level, x1, y1, x2, y2
        1, 1, 0, 0, 60, 62, 1, 0, 40.5f, 41, 44, 61.75f, 0, 1, 10, 20, 20, 30
    });

    @ParameterizedTest
    @CsvSource({"Float, 1e-6", "BFloat16, 1e-2", "Half, 2e-3"})
    void pooledFeaturesAndGradientsAgreeWithFloat64(ScalarType type, double relative) {
        try (TensorScope scope = new TensorScope()) {
            List<Tensor> maps = List.of(map("fine", 16), map("coarse", 8));
            List<Tensor> rounded = maps.stream().map(map -> map.to(type)).toList();
            Tensor boxes = Transfers.toDevice(BOXES, device(), ScalarType.Float);

            RoiPooling exact = new RoiPooling(TWO_LEVELS, maps, boxes);
            RoiPooling pooling = new RoiPooling(TWO_LEVELS, rounded, boxes);

            Tensor expected = exact.pool(maps);
            Tensor actual = pooling.pool(rounded);
            assertThat(actual.scalar_type().intern()).isEqualTo(type);
            assertThat(difference(actual, expected)).isLessThan(relative);
            for (int level = 0; level < maps.size(); level++) {
                Tensor gradient = pooling.gradient(level, expected.to(type));
                assertThat(gradient.scalar_type().intern()).isEqualTo(type);
                assertThat(difference(gradient, exact.gradient(level, expected)))
                        .isLessThan(relative);
            }
        }
    }

    /** bfloat16 has no 200.625; the map's features are their horizontal positions, and show where a box was read. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16", "FLOAT16"})
    void boxesKeepTheirPrecisionInSessions(DType type) {
        Graph graph = positionOfABox();
        CompileOptions options = CompileOptions.DEFAULT.withDtype(type);
        try (Session session = new TestedTorch().compile(graph, positions(), options)) {
            HostTensor position =
                    session.run(Map.of("boxes", box()), List.of("position")).get("position");
            assertThat(Objects.requireNonNull(position).get(0)).isCloseTo(0.625, within(0.01));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void boxesKeepTheirPrecisionInTraining(DType type) {
        Graph graph = positionOfABox();
        List<ParameterGroup> groups =
                List.of(new ParameterGroup(List.copyOf(graph.parameters().keySet()), 1, 0));
        OptimizerSettings settings = new OptimizerSettings.AdamW(0.9, 0.95, 1e-8);
        TorchTrainer.Options options = new TorchTrainer.Options(type, TestedDevice.NAME, 0, false, false);
        try (TorchTrainer trainer = new TorchTrainer(graph, groups, settings, positions(), options)) {
            double loss = trainer.backward(Map.of("boxes", box()), 1, 0).loss();
            assertThat(loss).isCloseTo(0.625 * 0.625, within(0.01));
        }
    }

    /** The position that one bin reads, relative to 200 pixels, and its square as the loss. */
    private static Graph positionOfABox() {
        GraphBuilder g = new GraphBuilder();
        Value map = g.parameter("positions", Shape.of(1, 1, 256, 1));
        Value boxes = g.input("boxes", Shape.of(1, 6));
        Value read = g.roiAlign(new Op.RoiAlign(1, 1, List.of(1.0), 1, false), List.of(map), boxes);
        g.output("position", read);
        Value zero = g.constant("zero", HostTensor.of(Shape.of(1, 1, 1, 1), new float[1]));
        g.output(Hiera.LOSS, g.meanSquaredError(read, zero));
        return g.build();
    }

    private static NamedTensors positions() {
        float[] positions = new float[256];
        for (int x = 0; x < positions.length; x++) {
            positions[x] = x - 200;
        }
        return new NamedTensors("positions", Map.of("positions", HostTensor.of(Shape.of(1, 1, 256, 1), positions)));
    }

    /** A box of 2 pixels with its centre at 200.625. */
    private static HostTensor box() {
        return HostTensor.of(Shape.of(1, 6), new float[] {0, 0, 199.625f, 0, 201.625f, 1});
    }

    private static Tensor map(String name, int side) {
        return Transfers.toDevice(FormulaWeights.tensor(name, Shape.of(2, side, side, 8)), device(), ScalarType.Double);
    }

    private static Device device() {
        return NativeTensors.device(TestedDevice.NAME);
    }

    private static double difference(Tensor actual, Tensor expected) {
        return actual.to(ScalarType.Double).sub(expected).norm().item_double()
                / expected.norm().item_double();
    }
}
