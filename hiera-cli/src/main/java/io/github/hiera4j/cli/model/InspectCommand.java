package io.github.hiera4j.cli.model;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraVariant;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.weights.LoadReport;
import io.github.hiera4j.model.weights.TensorInfo;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.model.weights.config.OfficialConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Shows the contents of a checkpoint, reading only its headers. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Show the contents of a checkpoint without loading it.",
        footer = "Exit code 1 if the tensors do not fit the recognised model.")
public final class InspectCommand implements Callable<Integer> {
    @Mixin
    ModelArguments models;

    @Option(names = "--json", description = "Print one JSON object.")
    boolean json;

    @Option(names = "--tensors", description = "List every tensor.")
    boolean tensors;

    @Option(names = "--ema", description = "Show the averaged weights of a checkpoint that contains both kinds.")
    boolean ema;

    @Spec
    CommandSpec spec;

    /** A tensor under its official name and the name it has in the file. */
    record TensorRow(String name, String fileName, String dtype, List<Integer> shape) implements TensorListing.Row {}

    /** One set of weights in the file. */
    record WeightsRow(String place, boolean averaged, boolean shown) {}

    /** The JSON object. */
    record Report(
            String file,
            String format,
            String keyStyle,
            List<WeightsRow> weights,
            String model,
            int tensorCount,
            long parameters,
            Map<String, Long> dtypes,
            JsonNode config,
            List<String> inferred,
            Map<String, Object> metadata,
            String fit,
            List<TensorRow> tensors) {}

    @Override
    public Integer call() {
        Path file = Path.of(models.single());
        if (OnnxInspection.fits(file)) {
            return new OnnxInspection(file, new Output(spec)).run(json, tensors);
        }
        if (Sam2Checkpoint.isSam2(file)) {
            return new Sam2Inspection(file, new Output(spec)).run(json, tensors);
        }
        try (Checkpoint checkpoint = Checkpoint.open(file, ema)) {
            Output output = new Output(spec);
            LoadReport fit =
                    LoadReport.compare(checkpoint.config().inferenceGraph().parameters(), checkpoint.weights());
            Report report = report(checkpoint, fit);
            if (json) {
                output.json(report);
            } else {
                print(report, output);
            }
            TensorListing.requireFit(file, fit);
            return 0;
        }
    }

    private Report report(Checkpoint checkpoint, LoadReport fit) {
        WeightSource weights = checkpoint.weights();
        Map<String, Long> dtypes = new TreeMap<>();
        List<TensorRow> rows = new ArrayList<>();
        long parameters = 0;
        for (String name : weights.names()) {
            TensorInfo info = weights.info(name);
            String dtype = storedType(weights, name, info);
            dtypes.merge(dtype, 1L, Long::sum);
            parameters += info.shape().elements();
            rows.add(new TensorRow(
                    name, checkpoint.fileNames().getOrDefault(name, name), dtype, TensorListing.sizes(info)));
        }
        return new Report(
                checkpoint.path().toString(),
                checkpoint.format(),
                checkpoint.keyStyle().label(),
                checkpoint.models().stream()
                        .map(model -> new WeightsRow(model.label(), model.averaged(), model.equals(checkpoint.model())))
                        .toList(),
                modelName(checkpoint.config()),
                rows.size(),
                parameters,
                dtypes,
                OfficialConfig.write(checkpoint.config()),
                checkpoint.inferred(),
                checkpoint.metadata(),
                fit.toString(),
                rows);
    }

    /** Returns the stored type: int8 for a matrix with scales, although readers get it in float32. */
    private static String storedType(WeightSource weights, String name, TensorInfo info) {
        return (weights.quantization(name).isPresent() ? DType.INT8 : info.dtype()).toString();
    }

    private static String describe(WeightsRow row) {
        String kind = row.averaged() ? "averaged" : "raw";
        String use = row.shown() ? ", shown here" : row.averaged() ? ", taken with --ema" : ", taken without --ema";
        return kind + ", in " + row.place() + use;
    }

    /** Returns the name of the published model with these sizes, or otherwise a description of the sizes. */
    static String modelName(ModelConfig config) {
        if (!config.isHiera()) {
            return config.architecture() + " (embed_dim " + config.encoder().embedDim() + ", stages "
                    + config.encoder().stages() + ")";
        }
        String prefix = config instanceof MaeConfig ? "mae_" : "";
        return HieraVariant.matching(config.encoder())
                .map(variant -> prefix + variant.officialName())
                .orElseGet(() -> prefix + "unpublished hiera (embed_dim "
                        + config.encoder().embedDim() + ", stages "
                        + config.encoder().stages() + ")");
    }

    private void print(Report report, Output output) {
        output.line("file        " + report.file());
        output.line("format      " + report.format());
        output.line("key style   " + report.keyStyle());
        report.weights().forEach(row -> output.line("weights     " + describe(row)));
        output.line("model       " + report.model());
        output.line("input       " + report.config().get("input_size"));
        if (report.config().has("num_classes")) {
            output.line("classes     " + report.config().get("num_classes"));
        }
        output.line("parameters  " + Output.grouped(report.parameters()) + " in " + report.tensorCount() + " tensors");
        output.line("dtypes      "
                + report.dtypes().entrySet().stream()
                        .map(entry -> entry.getKey() + " × " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        output.line("fit         " + report.fit());
        report.inferred().forEach(line -> output.line("inferred    " + line));
        report.metadata()
                .forEach((key, value) -> output.line("metadata    " + Printable.of(key) + " = " + Printable.of(value)));
        TensorListing.print(output, tensors, report.tensors());
    }
}
