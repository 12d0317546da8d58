package io.github.hiera4j.cli.train;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.weights.Checkpoint;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.Datasets;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.report.RunReport;
import io.github.hiera4j.train.run.CheckpointEvaluation;
import io.github.hiera4j.train.run.Evaluation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges a classifier on held-out samples. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Measure a classifier on a data set's held-out samples: top-1, top-5, every class.")
public final class EvaluateCommand implements Runnable {
    @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set's directory.")
    Path data;

    @Option(names = "--weights", required = true, paramLabel = "FILE", description = "A fine-tuned checkpoint.")
    Path weights;

    @Option(names = "--recipe", paramLabel = "NAME", description = "Whose pixels and clips (default: small-finetune).")
    String recipeName = "small-finetune";

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Change one setting; may be repeated.")
    List<String> settings = List.of();

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        Recipe recipe = Recipes.named(recipeName);
        for (String setting : settings) {
            recipe = RecipeSettings.assign(recipe, setting);
        }
        Dataset dataset = Datasets.open(data);
        try (Checkpoint checkpoint = Checkpoint.open(weights)) {
            check(
                    checkpoint.config() instanceof HieraConfig config
                            && config.numClasses() == dataset.classNames().size(),
                    "%s: needs a classifier of the data's %d classes",
                    weights,
                    dataset.classNames().size());
            Evaluation evaluation = CheckpointEvaluation.run(checkpoint, recipe, dataset.validation());
            print(evaluation, dataset.classNames());
        }
    }

    private void print(Evaluation evaluation, List<String> classes) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%d samples: top-1 %s, top-5 %s%n",
                evaluation.count(),
                RunReport.percent(evaluation.top(1)),
                RunReport.percent(evaluation.top(Math.min(5, classes.size()))));
        int[][] matrix = evaluation.confusion();
        for (int label = 0; label < matrix.length; label++) {
            int total = java.util.Arrays.stream(matrix[label]).sum();
            out.printf(
                    "%8s of %5d  %s%n",
                    RunReport.percent(total == 0 ? 0 : (double) matrix[label][label] / total),
                    total,
                    classes.get(label));
        }
        out.flush();
    }
}
