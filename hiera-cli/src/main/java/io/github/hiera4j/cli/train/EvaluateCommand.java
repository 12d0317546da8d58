package io.github.hiera4j.cli.train;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.Datasets;
import io.github.hiera4j.train.evaluate.CheckpointEvaluation;
import io.github.hiera4j.train.evaluate.Loading;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.report.ClassFigures;
import io.github.hiera4j.train.report.RunReport;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Judges a classifier on held-out samples. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Measure a classifier on a data set's held-out samples: top-1, top-5, classes, confusion.")
public final class EvaluateCommand implements Runnable {
    @Mixin
    JudgeOptions options;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        options.prepare();
        Dataset dataset = Datasets.open(options.data);
        try (Checkpoint checkpoint = Checkpoint.open(options.weights, options.ema)) {
            Recipe recipe = options.recipe(checkpoint, progress);
            HieraConfig model = checkpoint.config().encoder();
            Evaluation evaluation = CheckpointEvaluation.run(checkpoint, recipe, dataset, progress);
            progress.end();
            ClassFigures classes = ClassFigures.of(evaluation, dataset.classNames());
            report(evaluation, classes, Loading.views(recipe, model));
            Judgement.writeConfusion(classes, options);
            Judgement.writeReport(
                    options, "Evaluation", dataset, recipe, model, Map.of("Held-out samples", evaluation), progress);
        }
    }

    private void report(Evaluation evaluation, ClassFigures classes, int views) {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("weights", options.weights.toString());
        result.put("data", options.data.toString());
        result.put("samples", evaluation.count());
        result.put("views", views);
        result.putAll(Judgement.figures(evaluation, classes.names()));
        Judgement.write(result, options, out);
        if (options.json) {
            return;
        }
        String five = classes.names().size() > 5 ? ", top-5 " + RunReport.percent(evaluation.top(5)) : "";
        out.printf(
                "%d samples of %d classes%s: top-1 %s%s%n",
                evaluation.count(),
                classes.names().size(),
                views == 1 ? "" : ", " + views + " views each",
                RunReport.percent(evaluation.top(1)),
                five);
        Judgement.printClasses(classes, options, out);
        out.flush();
    }
}
