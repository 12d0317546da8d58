package io.github.hiera4j.cli.model;

import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.onnx.file.OnnxReader;
import io.github.hiera4j.onnx.file.OnnxSummary;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Shows the contents of an exported model. */
final class OnnxInspection {
    private static final int LONGEST_VALUE = 200;

    private final Path file;
    private final Output output;

    OnnxInspection(Path file, Output output) {
        this.file = file;
        this.output = output;
    }

    /** Returns whether a file name is that of an exported model. */
    static boolean fits(Path file) {
        return file.toString().endsWith(".onnx");
    }

    /** The JSON object. */
    record Report(
            String file,
            String format,
            String producer,
            String graph,
            List<OnnxSummary.Port> inputs,
            List<OnnxSummary.Port> outputs,
            int nodes,
            Map<String, Integer> operators,
            long parameters,
            Map<String, Long> dtypes,
            List<String> weightFiles,
            Map<String, String> metadata,
            List<OnnxSummary.Weight> tensors) {}

    int run(boolean json, boolean tensors) {
        Report report = report(OnnxReader.read(file));
        if (json) {
            output.json(report);
        } else {
            print(report, tensors);
        }
        return 0;
    }

    private Report report(OnnxSummary summary) {
        Map<String, Long> dtypes = new TreeMap<>();
        summary.weights().forEach(weight -> dtypes.merge(weight.type(), 1L, Long::sum));
        return new Report(
                file.toString(),
                "ONNX, IR version " + summary.irVersion() + ", opset " + summary.opset(),
                summary.producer(),
                summary.graph(),
                summary.inputs(),
                summary.outputs(),
                summary.operators().values().stream().mapToInt(count -> count).sum(),
                summary.operators(),
                summary.weights().stream()
                        .mapToLong(OnnxSummary.Weight::elements)
                        .sum(),
                dtypes,
                summary.weights().stream()
                        .flatMap(weight -> java.util.stream.Stream.ofNullable(weight.file()))
                        .distinct()
                        .toList(),
                summary.metadata(),
                summary.weights());
    }

    private void print(Report report, boolean tensors) {
        output.line("file        " + report.file());
        output.line("format      " + report.format());
        output.line("producer    " + Printable.of(report.producer()));
        output.line("graph       " + Printable.of(report.graph()));
        report.inputs().forEach(port -> output.line("input       " + describe(port)));
        report.outputs().forEach(port -> output.line("output      " + describe(port)));
        output.line("nodes       " + report.nodes() + ": "
                + report.operators().entrySet().stream()
                        .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                        .map(entry -> Printable.of(entry.getKey()) + " × " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        output.line("parameters  " + Output.grouped(report.parameters()) + " in "
                + report.tensors().size() + " tensors");
        output.line("dtypes      "
                + report.dtypes().entrySet().stream()
                        .map(entry -> entry.getKey() + " × " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        report.weightFiles().forEach(other -> output.line("weights in  " + Printable.of(other)));
        report.metadata()
                .forEach((key, value) ->
                        output.line("metadata    " + Printable.of(key) + " = " + Printable.of(shortened(value))));
        if (tensors) {
            output.line("");
            output.table(
                    List.of("tensor", "dtype", "shape"),
                    report.tensors().stream()
                            .map(weight -> List.of(
                                    Printable.of(weight.name()),
                                    weight.type(),
                                    weight.sizes().toString()))
                            .toList());
        } else {
            output.line("            (--tensors lists them)");
        }
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_VALUE
                ? value
                : value.substring(0, LONGEST_VALUE) + "… (" + value.length() + " characters)";
    }

    private static String describe(OnnxSummary.Port port) {
        String text = Printable.of(port.name()) + "  " + port.type() + " ["
                + port.axes().stream().map(Printable::of).collect(Collectors.joining(", ")) + "]";
        return port.description().isEmpty() ? text : text + "  " + Printable.of(port.description());
    }
}
