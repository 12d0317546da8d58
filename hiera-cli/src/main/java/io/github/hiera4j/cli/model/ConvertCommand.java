package io.github.hiera4j.cli.model;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.CheckpointWriter;
import io.github.hiera4j.model.checkpoint.TrunkWriter;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.parity.FormulaWeights;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.transfer.TrunkConversion;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.SelectedWeights;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.keys.KeyStyle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rewrites a checkpoint in another format, key style or precision. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        description = "Convert a checkpoint between formats, key styles and precisions.",
        footer = {
            "",
            "OUT determines the format: NAME.safetensors (with config.json next to it),",
            "NAME.pth (official layout), or a directory (model.safetensors, config.json).",
            "IN may be formula:MODEL, a published model with reproducible synthetic weights,",
            "to try or measure a model whose weights are not available.",
            "--as hieradet writes an image encoder as the trunk of SAM 2 and of detectors:",
            "keys of SAM 2 (official) or transformers, and transformers' config.json."
        })
public final class ConvertCommand implements Runnable {
    private static final String FORMULA = "formula:";

    @Parameters(index = "0", paramLabel = "IN", description = "formula:MODEL, a checkpoint, or a directory with one.")
    String in;

    @Parameters(index = "1", paramLabel = "OUT", description = "The file or directory to write.")
    Path out;

    @Option(names = "--keys", paramLabel = "STYLE", description = "official, timm or transformers (default: official).")
    String keys = "official";

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "float32, bfloat16, float16 or float64 (default: as stored).")
    @Nullable
    String dtype;

    @Option(names = "--ema", description = "Use the averaged weights of a checkpoint that contains both kinds.")
    boolean ema;

    @Option(
            names = "--encoder",
            description =
                    "Write only the encoder: an autoencoder without its decoder, or a classifier without its head.")
    boolean encoder;

    @Option(
            names = "--as",
            paramLabel = "KIND",
            description = "Write another kind of model: hieradet, the encoder as a trunk with windows of any size.")
    @Nullable
    Kind kind;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            description = "With --as: the trunk's input, 1024 or 768x1024, height x width (default: the model's).")
    @Nullable
    String size;

    @Option(
            names = "--positions",
            paramLabel = "RULE",
            description =
                    "With --as: windows splits the position embedding into absolute windows; whole keeps it, which"
                            + " is equivalent to the model at its original size (default: windows).")
    @Nullable
    Positions positions;

    /** The kinds of model that a checkpoint can be converted to. */
    enum Kind {
        HIERADET
    }

    /** The treatment of the position embedding. */
    enum Positions {
        WINDOWS(TrunkConversion.ABSOLUTE_WINDOWS),
        WHOLE(TrunkConversion.WHOLE);

        private final TrunkConversion conversion;

        Positions(TrunkConversion conversion) {
            this.conversion = conversion;
        }
    }

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        KeyStyle style = WrongCallException.check(() -> KeyStyle.parse(keys));
        Optional<DType> type = Optional.ofNullable(dtype).map(ConvertCommand::storedType);
        checkCall(kind == null || !encoder, "--as hieradet already writes only the encoder: leave out --encoder");
        if (kind == Kind.HIERADET) {
            writeTrunk(style, type);
            return;
        }
        checkCall(size == null && positions == null, "--size and --positions require --as hieradet");
        CheckpointWriter.Written written = in.startsWith(FORMULA) ? writeFormula(style, type) : rewrite(style, type);
        Output output = new Output(spec);
        written.files().forEach(file -> output.line(file.toString()));
        if (!written.dropped().isEmpty()) {
            output.note("left out because there are no " + style.label() + " keys for them: "
                    + written.dropped().size() + " tensors, the first is "
                    + written.dropped().get(0));
        }
    }

    /** Parses a floating-point type under the names that engines use, or float64. */
    private static DType storedType(String label) {
        if (label.equalsIgnoreCase("float64") || label.equalsIgnoreCase("fp64")) {
            return DType.FLOAT64;
        }
        try {
            return DType.forComputing(label);
        } catch (HieraException unknown) {
            throw WrongCallException.of("unknown --dtype '" + Printable.of(label)
                    + "': expected float32 (fp32), bfloat16 (bf16), float16 (fp16) or float64 (fp64)");
        }
    }

    private CheckpointWriter.Written rewrite(KeyStyle style, Optional<DType> type) {
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(in), ema)) {
            LoadReport.compare(checkpoint.config().inferenceGraph().parameters(), checkpoint.weights())
                    .requireExact();
            CheckpointWriter writer =
                    new CheckpointWriter(style, type, checkpoint.classNames(), checkpoint.preprocessHints());
            ModelConfig model =
                    encoder ? encoder(checkpoint.requireHiera("--encoder"), checkpoint.weights()) : checkpoint.config();
            return writer.write(out, model, only(model, new FiniteWeights(checkpoint.weights())));
        }
    }

    /** Returns the configuration of a model's encoder, without a head, and with the norm after token averaging only if the model has it. */
    private static ModelConfig encoder(ModelConfig model, WeightSource weights) {
        return model.encoder().toBuilder()
                .numClasses(0)
                .finalNorm(weights.contains("norm.weight"))
                .build();
    }

    /** Restricts weights to the tensors of a model. */
    private WeightSource only(ModelConfig model, WeightSource weights) {
        return encoder
                ? new SelectedWeights(
                        weights, model.inferenceGraph().parameters().keySet())
                : weights;
    }

    private void writeTrunk(KeyStyle style, Optional<DType> type) {
        TrunkConversion conversion = (positions == null ? Positions.WINDOWS : positions).conversion;
        TrunkWriter writer = new TrunkWriter(conversion, style, type);
        Output output = new Output(spec);
        if (in.startsWith(FORMULA)) {
            ModelConfig model = published(in.substring(FORMULA.length()));
            FormulaWeights weights = new FormulaWeights(model.inferenceGraph().parameters());
            writer.write(out, model, sides(model), weights).forEach(file -> output.line(file.toString()));
            return;
        }
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(in), ema)) {
            ModelConfig model = checkpoint.requireHiera("--as hieradet");
            LoadReport.compare(model.inferenceGraph().parameters(), checkpoint.weights())
                    .requireExact();
            writer.write(out, model, sides(model), new FiniteWeights(checkpoint.weights()))
                    .forEach(file -> output.line(file.toString()));
        }
    }

    private List<Integer> sides(ModelConfig model) {
        if (size == null) {
            return model.encoder().inputSize();
        }
        String typed = size;
        InputSize parsed = WrongCallException.check(() -> InputSize.parse(typed));
        checkCall(
                parsed.kind() == InputSize.Kind.FIXED,
                "--size of a trunk must be a number or HEIGHTxWIDTH, got %s",
                size);
        return List.of(parsed.height(), parsed.width());
    }

    private CheckpointWriter.Written writeFormula(KeyStyle style, Optional<DType> type) {
        ModelConfig config = published(in.substring(FORMULA.length()));
        FormulaWeights weights = new FormulaWeights(config.inferenceGraph().parameters());
        ModelConfig model = encoder ? encoder(config, weights) : config;
        return new CheckpointWriter(style, type, List.of(), Optional.empty()).write(out, model, only(model, weights));
    }

    /**
     * Returns the configuration of a published model, or of a checkpoint if a file or directory of that name exists.
     *
     * @param averaged whether to use a checkpoint's averaged weights
     */
    public static ModelConfig named(String name, boolean averaged) {
        Path path = Path.of(name);
        if (!Files.exists(path) && path.getNameCount() == 1 && !name.contains(".")) {
            return published(name);
        }
        try (Checkpoint checkpoint = Checkpoint.open(path, averaged)) {
            return checkpoint.config();
        }
    }

    /** Returns the configuration of a published model; the prefix {@code mae_} selects its autoencoder. */
    public static ModelConfig published(String name) {
        boolean autoencoder = name.startsWith("mae_");
        HieraVariant variant =
                WrongCallException.check(() -> HieraVariant.named(autoencoder ? name.substring(4) : name));
        return autoencoder ? MaeConfig.around(variant.config()) : variant.config();
    }
}
