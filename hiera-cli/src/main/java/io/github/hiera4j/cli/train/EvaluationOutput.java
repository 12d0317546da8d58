package io.github.hiera4j.cli.train;

import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.report.ClassFigures;
import io.github.hiera4j.train.report.EvaluationReport;
import io.github.hiera4j.train.report.ReportSubject;
import io.github.hiera4j.train.report.TextFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/** Prints and writes the evaluation of a classifier. */
final class EvaluationOutput {
    private static final int HARDEST = 10;

    private EvaluationOutput() {}

    /** Returns the figures of one classifier, for JSON. */
    static Map<String, Object> figures(Evaluation evaluation, ClassFigures classes) {
        List<String> names = classes.names();
        List<Map<String, Object>> each = new ArrayList<>();
        for (int label = 0; label < names.size(); label++) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("name", names.get(label));
            figures.put("samples", classes.samples(label));
            figures.put("top1", classes.accuracy(label));
            each.add(figures);
        }
        Map<String, Object> result = new LinkedHashMap<>(evaluation.figures());
        result.put("classes", each);
        result.put("confusion", classes.confusion());
        return result;
    }

    /** Prints the object if JSON is requested, and writes it if there is an output directory. */
    static void write(Map<String, Object> result, EvaluationOptions options, PrintWriter out) {
        String text = JsonMapper.shared().writeValueAsString(result);
        if (options.out != null) {
            TextFile.write(options.out.resolve("result.json"), text + "\n");
        }
        if (options.json) {
            out.println(text);
            out.flush();
        }
    }

    /** Prints the classes and the confusion matrix, as far as they fit. */
    static void printClasses(ClassFigures classes, EvaluationOptions options, PrintWriter out) {
        boolean few = classes.names().size() <= ClassFigures.MOST_IN_MATRIX;
        out.println();
        if (few || options.perClass) {
            classes.lines().forEach(out::println);
        } else {
            classes.hardest(HARDEST).forEach(out::println);
            out.println("the hardest " + HARDEST + " of " + classes.names().size() + " classes; --per-class shows all");
        }
        if (few) {
            out.println();
            classes.matrix().forEach(out::println);
        }
    }

    static void writeConfusion(ClassFigures classes, EvaluationOptions options) {
        if (options.confusion != null) {
            TextFile.write(options.confusion, classes.csv());
        }
    }

    /** Writes the report page if there is an output directory. */
    static void writeReport(
            EvaluationOptions options,
            String title,
            ReportSubject subject,
            Map<String, Evaluation> evaluations,
            double seconds,
            CommandSpec spec,
            Progress progress) {
        if (options.out != null) {
            Path file = options.out.resolve("report.html");
            EvaluationReport.write(
                    file,
                    title,
                    subject,
                    evaluations,
                    "hiera " + String.join(" ", typed(spec)),
                    seconds,
                    EvaluationReport.PANELS);
            progress.note("report: " + file);
        }
    }

    /** Returns the command-line arguments as typed. */
    static List<String> typed(CommandSpec spec) {
        return spec.root().commandLine().getParseResult().originalArgs();
    }
}
