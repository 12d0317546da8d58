package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.quantize.Quantizer;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onednn.OneDnnBackend;
import io.github.hiera4j.onnx.OnnxRuntimeBackend.OnnxModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantised models as ONNX: the content of the file, and the distance of its results from the int8 engine and from float32. */
class OnnxIntegersTest {
    private static final OneDnnBackend ENGINE = new OneDnnBackend();
    private static final CompileOptions INT8 = CompileOptions.DEFAULT.withDtype(DType.INT8);
    private static final OnnxOptions OPTIONS = OnnxOptions.DEFAULT.withDtype(DType.INT8);

    /**
     * The documented distance to the int8 engine, which rounds the same numbers in a different order, and computes attention in bfloat16
     * where the processor has instructions for it.
     */
    private static final double OWN_ENGINE = OneDnnBackend.hasFastBfloat16() ? 0.04 : 0.02;

    /** The error bound of quantisation. */
    private static final double FLOAT32 = QuantizationSettings.DEFAULT.errorBudget();

    @TempDir
    Path directory;

    @BeforeEach
    void int8Runs() {
        assumeTrue(ENGINE.supports(INT8).usable(), "int8 needs AVX2");
    }

    @ParameterizedTest
    @CsvSource({"nano_image, 1", "nano_image, 2", "nano_image, 5", "nano_image, 8", "nano_video, 3"})
    void resultsAreNearTheInt8EngineAndFloat32(String name, int batch) {
        GoldenCase golden = Goldens.read(name);
        WeightSource quantized = quantize(golden);
        HostTensor pixels = pixels(golden, batch);
        float[] own = run(graph(golden), quantized, INT8, pixels);
        float[] exact = run(graph(golden), golden.weights(), CompileOptions.DEFAULT, pixels);
        Path file = directory.resolve("int8.onnx");
        write(file, golden, quantized, OPTIONS);
        float[] exported = logits(file, pixels);
        assertThat(relativeError(exported, own)).isLessThan(OWN_ENGINE);
        assertThat(relativeError(exported, exact)).isBetween(1e-5, FLOAT32);
    }

    @Test
    void everyOpsetGivesTheSame() {
        GoldenCase golden = Goldens.read("nano_image");
        WeightSource quantized = quantize(golden);
        HostTensor pixels = pixels(golden, 2);
        float[] own = run(graph(golden), quantized, INT8, pixels);
        for (int opset = OnnxOptions.LEAST_OPSET; opset <= OnnxOptions.MOST_INTEGER_OPSET; opset++) {
            Path file = directory.resolve("opset" + opset + ".onnx");
            write(file, golden, quantized, OnnxOptions.of(DType.INT8, Optional.of(opset)));
            assertThat(relativeError(logits(file, pixels), own))
                    .as("opset %d", opset)
                    .isLessThan(OWN_ENGINE);
        }
    }

    @Test
    void weightsAreIntegersWithOneScalePerChannelAndActivationsWithOne() throws IOException {
        GoldenCase golden = Goldens.read("nano_image");
        Path file = directory.resolve("int8.onnx");
        write(file, golden, quantize(golden), OPTIONS);
        ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
        NodeProto product = node(model, "blocks.0.mlp.fc2/product");
        NodeProto input = node(model, product.getInput(0));
        NodeProto weight = node(model, product.getInput(1));
        assertThat(List.of(product.getOpType(), input.getOpType(), weight.getOpType()))
                .containsExactly("MatMul", "DequantizeLinear", "DequantizeLinear");
        assertThat(node(model, input.getInput(0)).getOpType()).isEqualTo("QuantizeLinear");
        TensorProto integers = tensor(model, weight.getInput(0));
        assertThat(integers.getName()).isEqualTo("blocks.0.mlp.fc2.weight.transposed");
        assertThat(integers.getDataType()).isEqualTo(TensorProto.DataType.INT8_VALUE);
        assertThat(tensor(model, "blocks.0.mlp.fc2.weight_scale").getDimsList()).containsExactly(integers.getDims(1));
        assertThat(tensor(model, "blocks.0.mlp.fc2.input_scale").getDimsCount()).isZero();
        assertThat(tensor(model, "blocks.0.mlp.fc2.input_zero_point").getDataType())
                .isEqualTo(TensorProto.DataType.UINT8_VALUE);
        assertThat(tensor(model, "head.projection.weight").getDataType()).isEqualTo(TensorProto.DataType.FLOAT_VALUE);

        Path exact = directory.resolve("float32.onnx");
        write(exact, golden, golden.weights(), OnnxOptions.DEFAULT);
        assertThat(Files.size(file)).isLessThan(Files.size(exact) / 2);
    }

    @Test
    void aQuantisedModelIsAlsoWrittenInFloatingPointAndOneWithoutScalesNotInIntegers() {
        GoldenCase golden = Goldens.read("nano_image");
        WeightSource quantized = quantize(golden);
        HostTensor pixels = pixels(golden, 2);
        Path file = directory.resolve("float32.onnx");
        write(file, golden, quantized, OnnxOptions.DEFAULT);
        assertThat(relativeError(logits(file, pixels), run(graph(golden), quantized, CompileOptions.DEFAULT, pixels)))
                .isLessThan(5e-6);
        Path none = directory.resolve("none.onnx");
        assertThatThrownBy(() -> write(none, golden, golden.weights(), OPTIONS))
                .isInstanceOf(HieraException.class)
                .hasMessageContaining("has no scales for int8: quantise the model first");
        assertThat(none).doesNotExist();
        assertThatThrownBy(() -> OnnxOptions.of(DType.INT8, Optional.of(23)))
                .hasMessageContaining("int8 needs opset 22 or earlier");
    }

    private static void write(Path file, GoldenCase golden, WeightSource weights, OnnxOptions options) {
        OnnxGraph graph = OnnxModels.encoder("nano", graph(golden), OnnxModels.Output.LOGITS, Optional.empty());
        OnnxExport.write(file, graph, weights, options, Map.of());
    }

    private static Graph graph(GoldenCase golden) {
        return golden.config().inferenceGraph();
    }

    private static WeightSource quantize(GoldenCase golden) {
        List<HostTensor> samples = IntStream.range(0, 3)
                .mapToObj(number -> FormulaWeights.tensor("input.sample" + number, shape(golden, 1)))
                .toList();
        return new Quantizer(
                        graph(golden),
                        Hiera.LOGITS,
                        golden.weights(),
                        ENGINE,
                        CompileOptions.DEFAULT,
                        QuantizationSettings.DEFAULT)
                .quantize(samples)
                .model();
    }

    private static Shape shape(GoldenCase golden, int batch) {
        return golden.inputShape().withSize(0, batch);
    }

    private static HostTensor pixels(GoldenCase golden, int batch) {
        return FormulaWeights.tensor("input" + batch, shape(golden, batch));
    }

    private static float[] run(Graph graph, WeightSource weights, CompileOptions options, HostTensor pixels) {
        try (Session session = ENGINE.compile(graph.select(Hiera.LOGITS), weights, options)) {
            return Objects.requireNonNull(
                            session.run(Map.of(HieraEncoder.INPUT, pixels)).get(Hiera.LOGITS))
                    .toFloats();
        }
    }

    private static float[] logits(Path file, HostTensor pixels) {
        try (OnnxModel model = new OnnxModel(file)) {
            return Objects.requireNonNull(model.run(Map.of("input", pixels), List.of("logits"))
                            .get("logits"))
                    .toFloats();
        }
    }

    private static NodeProto node(ModelProto model, String name) {
        return model.getGraph().getNodeList().stream()
                .filter(node -> node.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    private static TensorProto tensor(ModelProto model, String name) {
        return model.getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    private static double relativeError(float[] actual, float[] expected) {
        double difference = 0;
        double reference = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            reference += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / reference);
    }
}
