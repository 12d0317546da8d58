package io.github.hiera4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.parity.GoldenCase;
import io.github.hiera4j.model.parity.Goldens;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.DerivedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onnx.OnnxRuntimeBackend.OnnxModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The content of the files, and what remains if a file cannot be written. */
class OnnxFilesTest {
    private final GoldenCase golden = Goldens.read("nano_image");
    private final OnnxGraph exported =
            OnnxModels.encoder("nano", golden.config().inferenceGraph(), OnnxModels.Output.LOGITS, Optional.empty());

    @TempDir
    Path directory;

    @Test
    void inputsOutputsAndAxesHaveNamesAndDescriptions() throws IOException {
        ModelProto model = written(OnnxOptions.DEFAULT);
        ValueInfoProto input = model.getGraph().getInput(0);
        assertThat(input.getName()).isEqualTo("input");
        assertThat(input.getDocString()).contains("[batch, channel, (time,) y, x]");
        assertThat(input.getType().getTensorType().getShape().getDim(0).getDimParam())
                .isEqualTo("batch");
        assertThat(input.getType().getTensorType().getShape().getDim(2).getDimValue())
                .isEqualTo(64);
        assertThat(model.getGraph().getOutputList())
                .extracting(ValueInfoProto::getName)
                .containsExactly("logits", "probabilities");
        assertThat(model.getMetadataPropsList()).anySatisfy(entry -> {
            assertThat(entry.getKey()).isEqualTo("source");
            assertThat(entry.getValue()).isEqualTo("a test");
        });
    }

    @Test
    void nodesAreNamedAsTheNetworkAndConstantsAreNoNodes() throws IOException {
        ModelProto model = written(OnnxOptions.DEFAULT);
        assertThat(model.getGraph().getNodeList())
                .extracting(NodeProto::getName)
                .contains("patch_embed.proj", "blocks.0.attn.qkv", "blocks.0.attn.attention/scores", "norm")
                .doesNotHaveDuplicates();
        assertThat(model.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .doesNotContain("Constant", "Identity", "Cast");
        Set<String> read = new HashSet<>();
        model.getGraph().getNodeList().forEach(node -> read.addAll(node.getInputList()));
        assertThat(model.getGraph().getInitializerList())
                .extracting(TensorProto::getName)
                .allSatisfy(name -> assertThat(read).contains(name))
                .contains("head.projection.weight", "blocks.0.attn.qkv.weight.transposed")
                .doesNotHaveDuplicates();
    }

    @Test
    void aFixedBatchIsStatedEverywhere() throws IOException {
        ModelProto model = written(OnnxOptions.DEFAULT.withBatch(5));
        assertThat(model.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .getDimValue())
                .isEqualTo(5);
        assertThat(model.toString()).doesNotContain("dim_param");
    }

    @Test
    void weightsInAFileOfTheirOwnGiveTheSameResults() throws IOException {
        HostTensor pixels = FormulaWeights.tensor("input", Shape.of(2, 3, 64, 64));
        Path inside = directory.resolve("inside.onnx");
        Path outside = directory.resolve("outside.onnx");
        write(inside, golden.weights(), OnnxOptions.DEFAULT);
        List<Path> files = OnnxExport.write(
                outside, exported, golden.weights(), OnnxOptions.DEFAULT.withExternalData(true), Map.of());
        assertThat(files).containsExactly(outside, directory.resolve("outside.onnx.data"));
        assertThat(Files.size(outside)).isLessThan(Files.size(inside) / 2);
        assertThat(logits(outside, pixels)).containsExactly(logits(inside, pixels));
        for (TensorProto tensor : read(outside).getGraph().getInitializerList()) {
            if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
                assertThat(tensor.getExternalData(0).getValue()).isEqualTo("outside.onnx.data");
                assertThat(Long.parseLong(tensor.getExternalData(1).getValue()) % 4096)
                        .isZero();
            }
        }
    }

    @Test
    void halfPrecisionWeightsTakeHalfTheBytesAndCallersStillFeedFloat32() throws IOException {
        long whole = weightBytes(written(OnnxOptions.DEFAULT));
        for (DType half : List.of(DType.FLOAT16, DType.BFLOAT16)) {
            ModelProto model = written(OnnxOptions.of(half, Optional.empty()));
            assertThat(weightBytes(model)).isCloseTo(whole / 2, org.assertj.core.data.Percentage.withPercentage(2));
            assertThat(model.getGraph().getInput(0).getType().getTensorType().getElemType())
                    .isEqualTo(TensorProto.DataType.FLOAT_VALUE);
            assertThat(model.getGraph().getOutput(0).getType().getTensorType().getElemType())
                    .isEqualTo(TensorProto.DataType.FLOAT_VALUE);
        }
    }

    @Test
    void aWeightThatCannotBeReadLeavesTheOldFilesAndNothingElse() throws IOException {
        for (boolean outside : new boolean[] {false, true}) {
            OnnxOptions options = OnnxOptions.DEFAULT.withExternalData(outside);
            Path file = directory.resolve("kept-" + outside + ".onnx");
            write(file, golden.weights(), options);
            Map<Path, byte[]> before = contents();
            WeightSource broken = new DerivedWeights(golden.weights()) {
                @Override
                public HostTensor read(String name) {
                    if (name.equals("blocks.1.mlp.fc2.weight")) {
                        throw new HieraException("the disk is broken");
                    }
                    return super.read(name);
                }
            };
            assertThatThrownBy(() -> write(file, broken, options))
                    .isInstanceOf(HieraException.class)
                    .hasMessageContaining("the disk is broken");
            Map<Path, byte[]> after = contents();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            after.forEach((path, bytes) -> assertThat(bytes).isEqualTo(before.get(path)));
        }
    }

    @Test
    void optionsThatCannotBeMetAreRefusedInOneLine() {
        assertThatThrownBy(() -> new OnnxOptions(DType.FLOAT32, 0, 16, false))
                .isInstanceOf(HieraException.class)
                .hasMessage("the opset must be 17 to 23, got 16");
        assertThatThrownBy(() -> new OnnxOptions(DType.BFLOAT16, 0, 20, false)).hasMessageContaining("opset 22");
        assertThatThrownBy(() -> OnnxOptions.of(DType.FLOAT64, Optional.empty()))
                .hasMessageContaining("float64");
        assertThatThrownBy(() -> OnnxOptions.DEFAULT.withBatch(-1)).hasMessageContaining("got -1");
        Graph backbone =
                golden.config().encoder().toBuilder().numClasses(0).build().inferenceGraph();
        assertThatThrownBy(() -> OnnxModels.encoder("x", backbone, OnnxModels.Output.LOGITS, Optional.empty()))
                .hasMessageContaining("the model has no output logits");
        assertThatThrownBy(() -> write(directory.resolve("x.onnx"), new FormulaWeights(Map.of()), OnnxOptions.DEFAULT))
                .hasMessageContaining("is missing");
        assertThat(directory).isEmptyDirectory();
    }

    private float[] logits(Path file, HostTensor pixels) {
        try (OnnxModel model = new OnnxModel(file)) {
            return Objects.requireNonNull(model.run(Map.of("input", pixels), List.of("logits"))
                            .get("logits"))
                    .toFloats();
        }
    }

    private ModelProto written(OnnxOptions options) throws IOException {
        Path file = directory.resolve("written.onnx");
        write(file, golden.weights(), options);
        return read(file);
    }

    private void write(Path file, WeightSource weights, OnnxOptions options) {
        OnnxExport.write(file, exported, weights, options, Map.of("source", "a test"));
    }

    private static ModelProto read(Path file) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(file));
    }

    private static long weightBytes(ModelProto model) {
        return model.getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getDataType() != TensorProto.DataType.INT64_VALUE)
                .mapToLong(tensor -> tensor.getRawData().size())
                .sum();
    }

    private Map<Path, byte[]> contents() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(java.util.stream.Collectors.toMap(path -> path, path -> {
                try {
                    return Files.readAllBytes(path);
                } catch (IOException fault) {
                    throw new UncheckedIOException(fault);
                }
            }));
        }
    }
}
