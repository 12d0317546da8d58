package io.github.hiera4j.cli.export;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.cli.options.FixedSizeOptions;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.onnx.OnnxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a model as ONNX. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write a model as ONNX, for other runtimes.",
        footer = {
            "",
            "IN may be formula:MODEL, a published model with reproducible synthetic weights.",
            "A SAM 2 checkpoint yields two files, NAME-encoder.onnx and NAME-decoder.onnx;",
            "a detector yields NAME-pyramid.onnx and NAME-heads.onnx.",
            "Weights larger than 2 GB are written to a separate file, OUT.onnx.data.",
            "--dtype int8 writes QuantizeLinear and DequantizeLinear around linear layers; a",
            "model not written by hiera quantize is calibrated on synthetic samples."
        })
public final class ExportCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "IN", description = "formula:MODEL, a checkpoint, or a directory with one.")
    String in;

    @Parameters(index = "1", paramLabel = "OUT.onnx", description = "The file to write.")
    Path out;

    @Option(
            names = "--output",
            paramLabel = "WHAT",
            description = "Output: logits, embedding, features or mae (default: depends on the model).")
    @Nullable
    What what;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "Internal type: float32, float16, bfloat16 or int8; inputs and outputs remain float32 (default:"
                            + " int8 for a file written by hiera quantize, otherwise float32).")
    @Nullable
    String dtype;

    @Option(
            names = {"-b", "--batch"},
            paramLabel = "N",
            description = "Batch size, or dynamic (default: dynamic).")
    String batch = "dynamic";

    @Mixin
    FixedSizeOptions size;

    @Option(
            names = "--with-preprocess",
            description = "Take uint8 images of any size: resizing, crop and normalisation become part of the graph.")
    boolean withPreprocess;

    @Option(
            names = "--preprocess",
            paramLabel = "RULE",
            description = "checkpoint: as its configuration says, if it has one; released: as the released models"
                    + " were trained (default: checkpoint).")
    Preprocess preprocess = Preprocess.CHECKPOINT;

    @Option(
            names = "--mask-ratio",
            paramLabel = "R",
            description = "Fraction of mask units to hide, for mae (default: 0.6).")
    double maskRatio = 0.6;

    @Option(
            names = "--points",
            paramLabel = "N",
            description = "Number of points in a prompt for SAM 2: 2, 4, 8, … 128 (default: 8).")
    int points = 8;

    @Option(names = "--mask-input", description = "Add an input to SAM 2 for the mask of an earlier prompt.")
    boolean maskInput;

    @Option(names = "--opset", paramLabel = "N", description = "ONNX operator set version, 17 to 23 (default: 20).")
    @Nullable
    Integer opset;

    @Option(names = "--external-data", description = "Write the weights to a separate file regardless of their size.")
    boolean externalData;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Class names, one per line (default: by class count).")
    @Nullable
    Path labels;

    @Option(
            names = "--licence",
            paramLabel = "ID",
            description = "Licence of the weights for the metadata (default: known for published weights).")
    @Nullable
    String licence;

    @Option(
            names = "--config",
            paramLabel = "CONFIG.json",
            description = "Configuration of a SAM 2 model from transformers, for weights of an unpublished model.")
    @Nullable
    Path config;

    @Option(names = "--ema", description = "Use the averaged weights of a checkpoint that contains both kinds.")
    boolean ema;

    @Option(names = "--json", description = "Print what was written, one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    /** What an exported model computes. */
    enum What {
        LOGITS,
        EMBEDDING,
        FEATURES,
        MAE
    }

    /** The preprocessing rule for images. */
    enum Preprocess {
        CHECKPOINT,
        RELEASED
    }

    /** The JSON object of one model. */
    record Row(String file, List<String> files, List<String> inputs, List<String> outputs) {}

    @Override
    public void run() {
        checkCall(
                out.getFileName() != null && out.getFileName().toString().endsWith(".onnx"),
                "%s: expected the name of a file that ends in .onnx",
                out);
        OnnxOptions options = WrongCallException.check(() -> OnnxOptions.of(
                        dtype == null ? DType.FLOAT32 : DType.forRunning(dtype), Optional.ofNullable(opset)))
                .withBatch(samples())
                .withExternalData(externalData);
        List<Row> rows = write(options);
        Output output = new Output(spec);
        for (Row row : rows) {
            if (json) {
                output.json(row);
            } else {
                output.line(String.join(" + ", row.files()) + "  " + String.join(", ", row.inputs()) + " -> "
                        + String.join(", ", row.outputs()));
            }
        }
    }

    private List<Row> write(OnnxOptions options) {
        boolean sam2 = isSam2();
        boolean detector = !sam2 && !in.startsWith(Sources.FORMULA) && DetectorCheckpoint.isDetector(Path.of(in));
        if (!sam2 && !detector) {
            return new EncoderExport(this, options).write();
        }
        checkCall(
                options.dtype() != DType.INT8,
                "--dtype int8 is for image and video models; SAM 2 and detectors are exported in floating point");
        return sam2 ? new Sam2Export(this, options).write() : new DetectorExport(this, options).write();
    }

    private boolean isSam2() {
        return in.startsWith(Sources.FORMULA) ? Sources.isSam2(in) : Sam2Checkpoint.isSam2(Path.of(in));
    }

    private int samples() {
        if (batch.equals("dynamic")) {
            return 0;
        }
        if (!batch.matches("[1-9]\\d{0,4}")) {
            throw WrongCallException.of("--batch must be a number from 1, or dynamic");
        }
        return Integer.parseInt(batch);
    }
}
