package io.github.hiera4j.cli.train;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.probe.Probe;
import io.github.hiera4j.train.probe.ProbeResult;
import io.github.hiera4j.train.probe.ProbeSettings;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.report.ClassFigures;
import io.github.hiera4j.train.report.ReportSubject;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a frozen encoder's features. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        description = "Evaluate a frozen encoder's features with a linear classifier and with nearest neighbours.")
public final class ProbeCommand implements Runnable {
    @Mixin
    EvaluationOptions options;

    @Option(
            names = "--knn",
            paramLabel = "K",
            description = "Number of nearest neighbours (default: ${DEFAULT-VALUE}).")
    int neighbours = ProbeSettings.NEIGHBOURS;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        long start = System.nanoTime();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        options.prepare();
        Dataset dataset = Datasets.open(options.data);
        try (Checkpoint checkpoint = Checkpoint.open(options.weights, options.ema)) {
            Recipe recipe = options.recipe(checkpoint, progress);
            ProbeSettings settings = new ProbeSettings(
                    recipe.data(), recipe.run().compileOptions(), neighbours, ProbeSettings.TEMPERATURE);
            ProbeResult result = Probe.run(checkpoint, dataset, settings, progress);
            progress.end();
            ClassFigures classes = ClassFigures.of(result.linear(), dataset.classNames());
            report(result, classes);
            EvaluationOutput.writeConfusion(classes, options);
            Map<String, Evaluation> evaluations = new LinkedHashMap<>();
            evaluations.put("Linear probe", result.linear());
            evaluations.put(result.neighbours() + " nearest neighbours", result.nearest());
            EvaluationOutput.writeReport(
                    options,
                    "Probe of a frozen encoder",
                    new ReportSubject(
                            recipe,
                            checkpoint.config().encoder(),
                            dataset,
                            options.weights,
                            Optional.empty(),
                            Optional.of(result.linear())),
                    evaluations,
                    (System.nanoTime() - start) / 1e9,
                    spec,
                    progress);
        }
    }

    private void report(ProbeResult result, ClassFigures classes) {
        PrintWriter out = spec.commandLine().getOut();
        List<String> names = classes.names();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("weights", options.weights.toString());
        json.put("data", options.data.toString());
        json.put("trainingSamples", result.trained());
        json.put("samples", result.linear().count());
        json.put("features", result.width());
        json.put("penalty", result.penalty());
        json.put("linear", EvaluationOutput.figures(result.linear(), ClassFigures.of(result.linear(), names)));
        json.put("neighbours", result.neighbours());
        json.put("nearest", EvaluationOutput.figures(result.nearest(), ClassFigures.of(result.nearest(), names)));
        EvaluationOutput.write(json, options, out);
        if (options.json) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "%d features; %d training and %d held-out samples of %d classes%n",
                result.width(),
                result.trained(),
                result.linear().count(),
                names.size());
        row(out, "", "top-1", names.size() > 5 ? "top-5" : "");
        print(out, "linear probe", result.linear(), names.size());
        print(out, result.neighbours() + " nearest neighbours", result.nearest(), names.size());
        if (options.perClass) {
            out.println();
            out.println("linear probe:");
            EvaluationOutput.printClasses(classes, options, out);
        }
        out.flush();
    }

    private static void print(PrintWriter out, String name, Evaluation evaluation, int classes) {
        String five = classes > 5 ? Percent.of(evaluation.top(5)) : "";
        row(out, name, Percent.of(evaluation.top(1)), five);
    }

    private static void row(PrintWriter out, String name, String first, String second) {
        out.println(
                String.format(Locale.ROOT, "%-22s %8s %8s", name, first, second).stripTrailing());
    }
}
