package io.github.hiera4j.cli.export;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.ClassLabels;
import io.github.hiera4j.api.EncoderGraph;
import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.LoadOptionsBuilder;
import io.github.hiera4j.api.Preprocessing;
import io.github.hiera4j.cli.export.ExportCommand.Row;
import io.github.hiera4j.cli.export.ExportCommand.What;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.media.preprocess.FramePreprocess;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.VideoPreprocess;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.transfer.ResizedWeights;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.OfficialConfig;
import io.github.hiera4j.onnx.OnnxExport;
import io.github.hiera4j.onnx.OnnxGraph;
import io.github.hiera4j.onnx.OnnxModels;
import io.github.hiera4j.onnx.OnnxOptions;
import io.github.hiera4j.onnx.graph.PixelStage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Exports encoders, classifiers and masked autoencoders. */
final class EncoderExport {
    private final ExportCommand call;
    private final OnnxOptions options;

    EncoderExport(ExportCommand call, OnnxOptions options) {
        this.call = call;
        this.options = options;
    }

    List<Row> write() {
        checkCall(!call.maskInput, "--mask-input is for SAM 2 models");
        if (call.in.startsWith(Sources.FORMULA)) {
            ModelConfig config = Sources.published(call.in);
            FramePreprocess prepare = released(config.encoder());
            if (what(config) == What.MAE) {
                return write(autoencoder(config, prepare), prepared(formula(config)), config, prepare, List.of());
            }
            HieraConfig running = call.size.inputSize().of(config.encoder());
            Graph graph = running.inferenceGraph();
            return write(
                    encoder(graph, config, released(running)),
                    prepared(graph, running, new FormulaWeights(graph.parameters())),
                    running,
                    released(running),
                    ClassLabels.forCount(running.numClasses()).names());
        }
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(call.in), call.ema)) {
            return write(checkpoint);
        }
    }

    /**
     * Weights and the options for writing them.
     *
     * @param weights with scales where the element type is int8
     * @param options the caller's, or int8 if the caller states no type and the file is quantised
     */
    private record Prepared(WeightSource weights, OnnxOptions options) {}

    private Prepared prepared(Graph graph, HieraConfig trained, WeightSource weights) {
        if (options.dtype() == DType.INT8) {
            Int8Weights int8 = Int8Weights.of(
                    graph,
                    trained,
                    new FiniteWeights(weights),
                    Backends.named("onednn"),
                    CompileOptions.DEFAULT,
                    QuantizationSettings.DEFAULT);
            int8.calibrated().ifPresent(result -> {
                result.requireWithin(QuantizationSettings.DEFAULT);
                new Output(call.spec).note(int8.description());
            });
            return new Prepared(int8.weights(), options);
        }
        boolean integers = call.dtype == null && Int8Weights.isQuantized(graph, weights);
        return new Prepared(weights, integers ? options.withDtype(DType.INT8) : options);
    }

    private Prepared prepared(WeightSource autoencoder) {
        checkCall(
                options.dtype() != DType.INT8,
                "--dtype int8 is for encoders: an autoencoder with its decoder is exported in floating point");
        return new Prepared(autoencoder, options);
    }

    private static WeightSource formula(ModelConfig config) {
        return new FormulaWeights(config.inferenceGraph().parameters());
    }

    private List<Row> write(Checkpoint checkpoint) {
        ModelConfig config = checkpoint.config();
        if (config.isAutoencoder() && what(config) == What.MAE) {
            checkpoint.requireHiera("the export of an autoencoder");
        }
        HieraConfig trained = config.encoder();
        if (what(config) == What.MAE) {
            checkpoint.report().requireExact();
            FramePreprocess prepare = prepare(checkpoint, trained);
            WeightSource weights = new FiniteWeights(checkpoint.weights());
            return write(autoencoder(config, prepare), prepared(weights), config, prepare, List.of());
        }
        InputSize size = call.size.inputSize();
        checkCall(
                size.kind() != InputSize.Kind.NATIVE,
                "an exported model has one input size: expected --size such as 384 or 256x320, got native");
        HieraConfig running = size.of(trained);
        Function<HieraConfig, Graph> graphs = EncoderGraph.matching(checkpoint);
        Prepared prepared = prepared(graphs.apply(trained), trained, checkpoint.weights());
        Prepared resized = new Prepared(
                new FiniteWeights(ResizedWeights.of(prepared.weights(), trained, running, size.resizing())),
                prepared.options());
        FramePreprocess prepare = prepare(checkpoint, running);
        return write(encoder(graphs.apply(running), config, prepare), resized, running, prepare, labels(checkpoint));
    }

    private What what(ModelConfig config) {
        boolean autoencoder = config.isAutoencoder();
        What usual = autoencoder ? What.MAE : config.encoder().numClasses() > 0 ? What.LOGITS : What.EMBEDDING;
        What chosen = call.what == null ? usual : call.what;
        checkCall(chosen != What.MAE || autoencoder, "--output mae needs an autoencoder, with its decoder");
        checkCall(
                chosen != What.MAE || call.size.inputSize().equals(InputSize.OWN),
                "an autoencoder is exported at the size at which it was trained: omit --size and --frames");
        return chosen;
    }

    private OnnxGraph encoder(Graph graph, ModelConfig config, FramePreprocess prepare) {
        OnnxModels.Output output = OnnxModels.Output.valueOf(what(config).name());
        return OnnxModels.encoder(Sources.stem(call.out), graph, output, stage(prepare));
    }

    private OnnxGraph autoencoder(ModelConfig config, FramePreprocess prepare) {
        return OnnxModels.autoencoder(Sources.stem(call.out), (MaeConfig) config, call.maskRatio, stage(prepare));
    }

    private Optional<PixelStage> stage(FramePreprocess prepare) {
        return call.withPreprocess ? Optional.of(PixelStages.of(prepare)) : Optional.empty();
    }

    private static FramePreprocess released(HieraConfig running) {
        int rows = running.inputSize().get(running.axes() - 2);
        int columns = running.inputSize().get(running.axes() - 1);
        return running.isVideo()
                ? VideoPreprocess.kinetics(rows, columns).frames()
                : ImagePreprocess.imageNet(rows, columns);
    }

    private FramePreprocess prepare(Checkpoint checkpoint, HieraConfig running) {
        LoadOptionsBuilder load = LoadOptions.builder().size(call.size.inputSize());
        if (call.preprocess == ExportCommand.Preprocess.RELEASED) {
            load.releasedPreprocessing();
        }
        Preprocessing preprocessing = Preprocessing.of(checkpoint, running, load.build());
        return running.isVideo() ? preprocessing.videos().frames() : preprocessing.images();
    }

    private List<String> labels(Checkpoint checkpoint) {
        int classes = checkpoint.config().encoder().numClasses();
        if (call.labels != null) {
            return ClassLabels.read(call.labels, classes).names();
        }
        List<String> own = checkpoint.classNames();
        return own.isEmpty() ? ClassLabels.forCount(classes).names() : own;
    }

    private List<Row> write(
            OnnxGraph graph, Prepared prepared, ModelConfig config, FramePreprocess prepare, List<String> labels) {
        String source = Sources.shortName(call.in);
        Metadata metadata =
                new Metadata(graph.name(), source).licence(call.licence, source).config(OfficialConfig.write(config));
        PixelStages.describe(prepare).ifPresent(stage -> metadata.preprocess(stage, call.withPreprocess));
        if (graph.graph().outputs().containsKey(Hiera.LOGITS)) {
            metadata.labels(labels);
        }
        List<Path> files =
                OnnxExport.write(call.out, graph, prepared.weights(), prepared.options(), metadata.entries());
        return List.of(Rows.of(files, graph));
    }
}
