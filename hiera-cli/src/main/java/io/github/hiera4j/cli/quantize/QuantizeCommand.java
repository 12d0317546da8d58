package io.github.hiera4j.cli.quantize;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.EncoderGraph;
import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.ReadOptions;
import io.github.hiera4j.cli.files.InputFiles;
import io.github.hiera4j.cli.options.PositiveInteger;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.quantize.Int8Weights;
import io.github.hiera4j.model.quantize.QuantizationSettings;
import io.github.hiera4j.model.quantize.Quantizer;
import io.github.hiera4j.model.quantize.SyntheticSamples;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Converts a checkpoint to int8. */
@Command(
        name = "quantize",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Quantise the linear layers of a model to int8.",
        footer = {
            "Weights get one scale per output channel, activations one per tensor, calibrated on",
            "the given files. The layers that cost the most accuracy remain in floating point, as",
            "many as --max-error requires. The result loads like any checkpoint; use --dtype int8",
            "to compute in int8."
        })
public final class QuantizeCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "IN", description = "A checkpoint, or a directory with one.")
    Path in;

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            description = "A .safetensors file (config.json is written next to it), or a directory.")
    Path out;

    @Option(
            names = "--calibrate",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Images or videos that are typical of the model's use: files, directories, quoted globs"
                    + " (default: built-in synthetic samples).")
    List<String> files = List.of();

    @Option(
            names = "--samples",
            converter = PositiveInteger.class,
            paramLabel = "N",
            description = "Maximum number of views for calibration (default: 32).")
    int samples = 32;

    @Option(
            names = "--range",
            paramLabel = "RULE",
            description =
                    "Range of activations: mse, with the least squared error; percentile, 99.99 %% of the values; whole,"
                            + " all values (default: mse).")
    QuantizationSettings.Range range = QuantizationSettings.DEFAULT.range();

    @Option(
            names = "--smooth",
            paramLabel = "A",
            description = "Move differences between channels from activations to weights, 0 to 1: SmoothQuant's alpha"
                    + " (default: 0.5; 0: none).")
    double smoothing = QuantizationSettings.DEFAULT.smoothing();

    @Option(
            names = "--max-error",
            paramLabel = "E",
            description =
                    "Maximum relative error of the scores (without a head, of the embeddings) against float32 on the"
                            + " samples (default: 0.1).")
    double errorBudget = QuantizationSettings.DEFAULT.errorBudget();

    @Option(names = "--ema", description = "Use the averaged weights of a checkpoint that contains both kinds.")
    boolean ema;

    @Option(names = "--threads", paramLabel = "N", description = "Number of threads (default: one per core).")
    int threads;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        QuantizationSettings settings =
                WrongCallException.check(() -> new QuantizationSettings(range, smoothing, errorBudget));
        CompileOptions options = WrongCallException.check(() -> CompileOptions.DEFAULT.withThreads(threads));
        String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
        check(
                Files.isDirectory(out) || !name.contains(".") || name.endsWith(".safetensors"),
                "%s: a quantised model is written to a .safetensors file or into a directory",
                out);
        Output output = new Output(spec);
        try (Checkpoint checkpoint = Checkpoint.open(in, ema)) {
            LoadReport.compare(checkpoint.config().inferenceGraph().parameters(), checkpoint.weights())
                    .requireExact();
            HieraConfig encoder = checkpoint.requireHiera("int8").encoder();
            List<HostTensor> views = files.isEmpty()
                    ? SyntheticSamples.of(encoder, Math.min(samples, SyntheticSamples.COUNT))
                    : read(output);
            if (files.isEmpty()) {
                output.note("calibrating on " + views.size()
                        + " built-in synthetic samples; use --calibrate for your own files");
            }
            Graph graph = EncoderGraph.matching(checkpoint).apply(encoder);
            Backend engine = Backends.named("onednn");
            Quantizer quantizer = new Quantizer(
                    graph,
                    Int8Weights.output(graph),
                    new FiniteWeights(checkpoint.weights()),
                    engine,
                    options,
                    settings);
            Quantizer.Result result = quantizer.quantize(views).requireWithin(settings);
            CheckpointWriter writer = new CheckpointWriter(
                    KeyStyle.OFFICIAL, Optional.empty(), checkpoint.classNames(), checkpoint.preprocessHints());
            CheckpointWriter.Written written =
                    writer.write(out, checkpoint.config(), result.model().stored());
            print(result, written.files(), output);
        }
    }

    /** Returns the first views of the files, up to the limit, preprocessed for the model. */
    private List<HostTensor> read(Output output) {
        LoadOptions load = ema ? LoadOptions.DEFAULT.withAveragedWeights() : LoadOptions.DEFAULT;
        List<HostTensor> views = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        try (HieraBackbone model = HieraBackbone.load(in, load);
                Stream<Path> paths = new InputFiles(complaints::add).expand(files)) {
            ReadOptions one = model.readOptions().withViews(1, 1);
            for (Iterator<Path> path = paths.iterator(); path.hasNext() && views.size() < samples; ) {
                model.prepare(MediaInput.of(path.next()), one, view -> views.add(copy(view)))
                        .forEach(warning -> output.note("warning: " + warning));
            }
        }
        complaints.forEach(output::note);
        if (!complaints.isEmpty()) {
            throw new HieraException("--calibrate contains missing files: nothing was written");
        }
        check(!views.isEmpty(), "--calibrate contains no images or videos: add some, or omit the option");
        return views;
    }

    private static HostTensor copy(HostTensor view) {
        HostTensor copy = HostTensor.allocate(view.dtype(), view.shape());
        view.copyTo(copy);
        return copy;
    }

    private void print(Quantizer.Result result, List<Path> written, Output output) {
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("files", written.stream().map(Path::toString).toList());
            object.put("samples", result.samples());
            object.put("relativeError", result.relativeError());
            object.put("quantizedLayers", result.quantized().size());
            object.put("share", result.share());
            object.put("keptInFloatingPoint", result.kept());
            output.json(object);
            return;
        }
        written.forEach(file -> output.line(file.toString()));
        output.note(String.format(
                Locale.ROOT,
                "%d layers in int8 (%.1f %% of the products), %d in floating point; relative error %.4f on %d samples",
                result.quantized().size(),
                100 * result.share(),
                result.kept().size(),
                result.relativeError(),
                result.samples()));
        result.kept().forEach(weight -> output.note("in floating point: " + weight));
    }
}
