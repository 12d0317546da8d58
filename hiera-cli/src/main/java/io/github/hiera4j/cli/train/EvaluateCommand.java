package io.github.hiera4j.cli.train;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.checkpoint.ModelPurpose;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.evaluate.CheckpointEvaluation;
import io.github.hiera4j.train.evaluate.ClassMatch;
import io.github.hiera4j.train.evaluate.PublishedAccuracy;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.report.ClassFigures;
import io.github.hiera4j.train.report.ReportSubject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Evaluates a classifier on a data set's held-out samples, or on a whole folder. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Evaluate a classifier on a data set's held-out samples, or on a whole folder:"
                + " top-1, top-5, per-class accuracy, confusion matrix.")
public final class EvaluateCommand implements Runnable {
    @Mixin
    EvaluationOptions options;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "Names for the model's classes, one per line, instead of its own.")
    @Nullable
    Path labels;

    @Option(names = "--int8", description = "Compute linear layers in int8 instead of the recipe's precision.")
    boolean int8;

    @Option(names = "--by-number", description = "Match classes by number, regardless of their names.")
    boolean byNumber;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        long start = System.nanoTime();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr());
        options.prepare();
        Dataset dataset = Datasets.openForEvaluation(options.data);
        ModelPurpose.requireClassifier(options.weights);
        try (Checkpoint checkpoint = Checkpoint.open(options.weights, options.ema)) {
            HieraConfig model = CheckpointEvaluation.requireHead(checkpoint);
            ClassMatch.ModelClasses known = KnownClasses.of(checkpoint, model.numClasses(), labels);
            Recipe recipe = options.recipe(checkpoint, progress);
            progress.note(dataset.validation().size() + " samples of " + dataset.name() + ": " + dataset.heldOut());
            CheckpointEvaluation.Result result = CheckpointEvaluation.run(
                    checkpoint, recipe.data(), compileOptions(recipe), dataset, known, byNumber, progress);
            progress.end();
            ClassFigures classes = ClassFigures.of(
                    result.evaluation(),
                    result.dataset().classNames(),
                    result.classes().indices());
            Optional<PublishedAccuracy> published = checkpoint.config().isHiera()
                            && model.numClasses() == result.classes().indices().size()
                    ? PublishedAccuracy.of(model, model.numClasses())
                    : Optional.empty();
            report(result.evaluation(), classes, result.classes(), BatchPlans.views(recipe.data(), model), published);
            EvaluationOutput.writeConfusion(classes, options);
            EvaluationOutput.writeReport(
                    options,
                    "Evaluation",
                    new ReportSubject(
                            recipe,
                            model,
                            result.dataset(),
                            options.weights,
                            Optional.empty(),
                            Optional.of(result.evaluation())),
                    Map.of("Evaluation", result.evaluation()),
                    (System.nanoTime() - start) / 1e9,
                    spec,
                    progress);
        }
    }

    private CompileOptions compileOptions(Recipe recipe) {
        CompileOptions own = recipe.run().compileOptions();
        return int8 ? own.withDtype(DType.INT8) : own;
    }

    private void report(
            Evaluation evaluation,
            ClassFigures classes,
            ClassMatch match,
            int views,
            Optional<PublishedAccuracy> published) {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("weights", options.weights.toString());
        result.put("data", options.data.toString());
        result.put("samples", evaluation.count());
        result.put("views", views);
        result.put("modelClasses", match.names().size());
        result.put("subset", match.isSubset());
        result.putAll(EvaluationOutput.figures(evaluation, classes));
        if (match.isSubset()) {
            result.put("top1AmongSubset", evaluation.topAmong(match.indices()));
        }
        published.ifPresent(paper -> result.put("published", paper));
        EvaluationOutput.write(result, options, out);
        if (options.json) {
            return;
        }
        String five = match.names().size() > 5 ? ", top-5 " + Percent.of(evaluation.top(5)) : "";
        out.printf(
                Locale.ROOT,
                "%d samples of %d classes%s: top-1 %s%s%n",
                evaluation.count(),
                match.indices().size(),
                views == 1 ? "" : ", " + views + " views each",
                Percent.of(evaluation.top(1)),
                five);
        if (match.isSubset()) {
            out.printf(
                    Locale.ROOT,
                    "a subset of the model's %d classes: with answers restricted to these %d, top-1 %s%n",
                    match.names().size(),
                    match.indices().size(),
                    Percent.of(evaluation.topAmong(match.indices())));
        }
        published.ifPresent(paper -> out.printf(
                Locale.ROOT,
                "for comparison: %s also has %d classes; for it the paper reports %s for %s, %s (%s)%n",
                paper.data(),
                match.indices().size(),
                Percent.of(paper.top1()),
                paper.model(),
                paper.views() == 1 ? "1 view" : paper.views() + " views",
                paper.source()));
        EvaluationOutput.printClasses(classes, options, out);
        out.flush();
    }
}
