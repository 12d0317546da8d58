package io.github.hiera4j.cli.export;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.cli.export.ExportCommand.Row;
import io.github.hiera4j.cli.export.ExportCommand.What;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.detect.network.MaskRcnn;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.onnx.OnnxExport;
import io.github.hiera4j.onnx.OnnxGraph;
import io.github.hiera4j.onnx.OnnxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Exports a detector as two graphs, from pixels to pyramid and proposals and from pyramid and boxes to classes, deltas and masks; or only
 * the feature maps of its trunk. Anchors, suppression and pasting are computed between and after the graphs.
 */
final class DetectorExport {
    private final ExportCommand call;
    private final OnnxOptions options;

    DetectorExport(ExportCommand call, OnnxOptions options) {
        this.call = call;
        this.options = options;
    }

    List<Row> write() {
        InputSize size = call.size.inputSize();
        checkCall(size.frames() == 0, "a detector takes images, not videos: omit --frames");
        checkCall(
                call.what == null || call.what == What.FEATURES,
                "a detector is exported as a whole, or only its trunk with --output features");
        checkCall(!call.withPreprocess, "a detector is exported without preprocessing: omit --with-preprocess");
        checkCall(!call.maskInput, "--mask-input is for SAM 2 models");
        try (DetectorCheckpoint checkpoint = DetectorCheckpoint.open(Path.of(call.in))) {
            checkpoint.report().requireExact();
            return write(checkpoint);
        }
    }

    private List<Row> write(DetectorCheckpoint checkpoint) {
        MaskRcnn network = new MaskRcnn(sized(checkpoint.description().config()));
        WeightSource weights = new FiniteWeights(checkpoint.weights());
        List<String> labels = checkpoint.description().classNames();
        String name = Sources.stem(call.out);
        if (call.what == What.FEATURES) {
            Graph trunk = network.pyramidGraph().select(Hiera.stage(1), Hiera.stage(2), Hiera.stage(3), Hiera.stage(4));
            return List.of(write(call.out, new OnnxGraph(name, trunk), weights, labels, options));
        }
        Graph pyramid = network.pyramidGraph().select(MaskRcnn.pyramidOutputs());
        // Boxes are in pixels of large images: half precision cannot represent them exactly.
        OnnxOptions precise =
                OnnxOptions.of(DType.FLOAT32, Optional.of(options.opset())).withExternalData(options.externalData());
        return List.of(
                write(sibling(name + "-pyramid"), new OnnxGraph(name + "-pyramid", pyramid), weights, labels, options),
                write(
                        sibling(name + "-heads"),
                        new OnnxGraph(name + "-heads", network.headGraph()),
                        weights,
                        labels,
                        precise));
    }

    /** Returns the one input size of the exported graph: the square that images are padded to, or the size that the caller selected. */
    private MaskRcnnConfig sized(MaskRcnnConfig config) {
        InputSize size = call.size.inputSize();
        if (config.input().square()) {
            checkCall(
                    size.equals(InputSize.OWN),
                    "this detector pads images to a square, and is exported at that size: omit --size");
            return HieraDetector.atInputSize(config);
        }
        int multiple = config.trunk().multiple();
        checkCall(
                size.kind() == InputSize.Kind.FIXED,
                "this detector pads each image to multiples of %d pixels, and an exported graph has one size: select it,"
                        + " for example with --size 800x1088",
                multiple);
        checkCall(
                size.height() % multiple == 0 && size.width() % multiple == 0,
                "--size must be a multiple of %d pixels along each axis, got %dx%d",
                multiple,
                size.height(),
                size.width());
        return config.withTrunk(config.trunk().resized(size.height(), size.width()));
    }

    private Path sibling(String name) {
        return call.out.resolveSibling(name + ".onnx");
    }

    private Row write(Path file, OnnxGraph graph, WeightSource weights, List<String> labels, OnnxOptions how) {
        String source = Sources.shortName(call.in);
        Metadata metadata =
                new Metadata(graph.name(), source).licence(call.licence, source).labels(labels);
        return Rows.of(OnnxExport.write(file, graph, weights, how, metadata.entries()), graph);
    }
}
