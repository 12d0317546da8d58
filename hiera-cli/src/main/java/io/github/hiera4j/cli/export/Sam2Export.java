package io.github.hiera4j.cli.export;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.cli.export.ExportCommand.Row;
import io.github.hiera4j.cli.export.ExportCommand.What;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onnx.OnnxExport;
import io.github.hiera4j.onnx.OnnxGraph;
import io.github.hiera4j.onnx.OnnxModels;
import io.github.hiera4j.onnx.OnnxOptions;
import io.github.hiera4j.onnx.graph.PixelStage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Exports SAM 2: the image encoder and the mask decoder, or only the trunk's feature maps. */
final class Sam2Export {
    private final ExportCommand call;
    private final OnnxOptions options;

    Sam2Export(ExportCommand call, OnnxOptions options) {
        this.call = call;
        this.options = options;
    }

    List<Row> write() {
        checkCall(
                call.size.inputSize().equals(InputSize.OWN),
                "a SAM 2 model is exported at its trained size: omit --size and --frames");
        checkCall(
                call.what == null || call.what == What.FEATURES,
                "a SAM 2 model is exported as a whole, or only its trunk with --output features");
        if (call.in.startsWith(Sources.FORMULA)) {
            Sam2Config config = Sources.sam2(call.in);
            return write(config, new FormulaWeights(Sam2Model.parameters(config)));
        }
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(Path.of(call.in), Optional.ofNullable(call.config))) {
            checkpoint.report().requireExact();
            return write(checkpoint.config(), new FiniteWeights(checkpoint.weights()));
        }
    }

    private List<Row> write(Sam2Config config, WeightSource weights) {
        PixelStage stage = PixelStages.ofSegmentation(config.imageSize());
        Optional<PixelStage> pixels = call.withPreprocess ? Optional.of(stage) : Optional.empty();
        String name = Sources.stem(call.out);
        if (call.what == What.FEATURES) {
            return List.of(write(call.out, OnnxModels.trunk(name, config.trunk(), pixels), weights, stage, options));
        }
        OnnxGraph encoder = OnnxModels.imageEncoder(name + "-encoder", config, pixels);
        OnnxGraph decoder = OnnxModels.maskDecoder(name + "-decoder", config, call.points, call.maskInput);
        // Masks are thresholded at 0: half precision would save little there and shift edges.
        OnnxOptions precise =
                OnnxOptions.of(DType.FLOAT32, Optional.of(options.opset())).withExternalData(options.externalData());
        return List.of(
                write(call.out.resolveSibling(encoder.name() + ".onnx"), encoder, weights, stage, options),
                write(call.out.resolveSibling(decoder.name() + ".onnx"), decoder, weights, stage, precise));
    }

    private Row write(Path file, OnnxGraph graph, WeightSource weights, PixelStage stage, OnnxOptions how) {
        String source = Sources.shortName(call.in);
        Metadata metadata =
                new Metadata(graph.name(), source).licence(call.licence, source).preprocess(stage, call.withPreprocess);
        return Rows.of(OnnxExport.write(file, graph, weights, how, metadata.entries()), graph);
    }
}
