package io.github.hiera4j.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.github.hiera4j.cli.CommandRun;
import io.github.hiera4j.detect.testing.NanoDetectorFile;
import io.github.hiera4j.model.testing.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportCommandTest {
    @TempDir
    Path directory;

    @Test
    void aClassifierIsWrittenWithItsClassesAndPreprocessing() throws IOException {
        Path file = directory.resolve("nano.onnx");
        CommandRun run = CommandRun.of("export", TestFiles.checkpoint("nano_official.pth"), file, "--with-preprocess");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(file + "  image -> logits, probabilities" + System.lineSeparator());
        ModelProto model = read(file);
        assertThat(names(model.getGraph().getInputList())).containsExactly("image");
        Map<String, String> metadata = metadata(model);
        assertThat(metadata.get("source")).isEqualTo("nano_official.pth");
        assertThat(metadata.get("labels")).startsWith("[\"class 0\",");
        assertThat(metadata.get("preprocess")).contains("\"crop\":[64,64]", "\"in_graph\":true", "bicubic");
        assertThat(metadata.get("config")).contains("\"embed_dim\"");
        assertThat(metadata).doesNotContainKey("license");

        CommandRun seen = CommandRun.of("inspect", file);
        assertThat(seen.exitCode()).as(seen.err()).isZero();
        assertThat(seen.out())
                .contains(
                        "opset 20",
                        "input       image  uint8 [batch, ",
                        "output      logits  float [batch, ",
                        "MatMul × ")
                .contains("metadata    source = nano_official.pth");
        assertThat(CommandRun.of("inspect", file, "--json").out())
                .contains("\"operators\":{", "\"parameters\":", "\"metadata\":{");
    }

    @Test
    void anotherSizeBatchAndLicenceAreHonoured() throws IOException {
        Path file = directory.resolve("sized.onnx");
        CommandRun run = CommandRun.of(
                "export",
                TestFiles.checkpoint("nano_official.pth"),
                file,
                "--size",
                "96x128",
                "--batch",
                "3",
                "--output",
                "features",
                "--licence",
                "MIT",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("\"inputs\":[\"input\"]", "\"stage1\"");
        ModelProto model = read(file);
        assertThat(model.getGraph()
                        .getInput(0)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDimList())
                .extracting(dimension -> dimension.getDimValue())
                .containsExactly(3L, 3L, 96L, 128L);
        assertThat(metadata(model)).containsEntry("license", "MIT").doesNotContainKey("labels");
    }

    @Test
    void anAutoencoderTakesTheNumbersOfItsVisibleUnits() throws IOException {
        Path file = directory.resolve("mae.onnx");
        CommandRun run = CommandRun.of("export", TestFiles.checkpoint("mae_nano_official.pth"), file);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(names(read(file).getGraph().getInputList())).containsExactly("visible", "input");
        CommandRun encoder =
                CommandRun.of("export", TestFiles.checkpoint("mae_nano_official.pth"), file, "--output", "embedding");
        assertThat(encoder.exitCode()).as(encoder.err()).isZero();
        assertThat(names(read(file).getGraph().getOutputList())).containsExactly("embedding");
    }

    @Test
    void aSegmentationModelIsWrittenAsEncoderAndDecoder() throws IOException {
        CommandRun run = CommandRun.of("export", TestFiles.checkpoint("sam2_nano_hf"), directory.resolve("sam.onnx"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        ModelProto decoder = read(directory.resolve("sam-decoder.onnx"));
        assertThat(names(decoder.getGraph().getOutputList()))
                .containsExactly("masks", "iou_predictions", "object_score");
        assertThat(names(decoder.getGraph().getInputList())).contains("point_coords", "point_labels");
        assertThat(directory.resolve("sam-encoder.onnx")).isRegularFile();
    }

    @Test
    void aDetectorIsWrittenAsPyramidAndHeads() throws IOException {
        Path detector = directory.resolve("detector");
        NanoDetectorFile.write(detector, true);

        CommandRun run = CommandRun.of("export", detector, directory.resolve("d.onnx"));
        assertThat(run.exitCode()).as(run.err()).isZero();
        ModelProto heads = read(directory.resolve("d-heads.onnx"));
        assertThat(names(heads.getGraph().getInputList())).containsExactly("p2", "p3", "p4", "p5", "boxes");
        assertThat(names(heads.getGraph().getOutputList()))
                .containsExactly("class_logits", "box_deltas", "mask_logits");
        assertThat(metadata(heads)).containsEntry("labels", "[\"cat\",\"dog\"]");
        assertThat(names(read(directory.resolve("d-pyramid.onnx")).getGraph().getOutputList()))
                .contains("p2", "objectness6", "anchor_deltas2");

        CommandRun features = CommandRun.of("export", detector, directory.resolve("t.onnx"), "--output", "features");
        assertThat(features.exitCode()).as(features.err()).isZero();
        assertThat(names(read(directory.resolve("t.onnx")).getGraph().getOutputList()))
                .containsExactly("stage1", "stage2", "stage3", "stage4");
    }

    @Test
    void aDetectorThatPadsEachPictureToItsOwnSizeIsWrittenAtTheSizeThatIsNamed() throws IOException {
        Path detector = directory.resolve("detector");
        NanoDetectorFile.write(detector, false);
        CommandRun sized = CommandRun.of("export", detector, directory.resolve("d.onnx"), "--size", "64x96");
        assertThat(sized.exitCode()).as(sized.err()).isZero();
        assertThat(read(directory.resolve("d-pyramid.onnx"))
                        .getGraph()
                        .getInput(0)
                        .toString())
                .contains("dim_value: 64")
                .contains("dim_value: 96");

        CommandRun unnamed = CommandRun.of("export", detector, directory.resolve("e.onnx"));
        assertThat(unnamed.exitCode()).isEqualTo(2);
        assertThat(unnamed.err().lines()).hasSize(1).first().asString().contains("multiples of 32", "--size");
        CommandRun odd = CommandRun.of("export", detector, directory.resolve("e.onnx"), "--size", "70");
        assertThat(odd.err().lines()).hasSize(1).first().asString().contains("got 70x70");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2|x.bin| |expected the name of a file that ends in .onnx",
                "2|x.onnx|--output=mae|needs an autoencoder",
                "2|x.onnx|--batch=0|--batch must be a number from 1, or dynamic",
                "2|x.onnx|--size=native|an exported model has one input size",
                "1|x.onnx|--size=65|65",
                "2|x.onnx|--opset=12|the opset must be 17 to 23, got 12",
                "2|x.onnx|--dtype=float64|expected float32 (fp32), bfloat16 (bf16) or float16 (fp16)",
                "2|x.onnx|--mask-input|for SAM 2 models"
            })
    void whatCannotBeWrittenIsRefusedInOneLine(int exitCode, String out, String option, String message) {
        Object[] arguments = option == null
                ? new Object[] {"export", TestFiles.checkpoint("nano_official.pth"), directory.resolve(out)}
                : new Object[] {"export", TestFiles.checkpoint("nano_official.pth"), directory.resolve(out), option};
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains(message);
        assertThat(directory).isEmptyDirectory();
    }

    private static ModelProto read(Path file) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(file));
    }

    private static List<String> names(List<ValueInfoProto> infos) {
        return infos.stream().map(ValueInfoProto::getName).toList();
    }

    private static Map<String, String> metadata(ModelProto model) {
        Map<String, String> metadata = new HashMap<>();
        model.getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return metadata;
    }
}
