package io.github.hiera4j.train.report;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.evaluate.Loading;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The page about a model that was judged and not trained: what was confused, samples with predictions. */
public final class JudgeReport {
    private static final List<String> JUDGED_WITH = List.of(
            "interpolation", "normalisation", "test_share", "frame_stride", "test_clips", "test_crops", "precision");

    private JudgeReport() {}

    /**
     * Writes a self-contained page.
     *
     * @param subtitle the weights and the data
     * @param evaluations what was judged, by heading
     */
    public static void write(
            Path file,
            String title,
            String subtitle,
            Dataset dataset,
            Recipe recipe,
            HieraConfig model,
            Map<String, Evaluation> evaluations) {
        Html page = new Html(title, subtitle);
        evaluations.forEach((heading, evaluation) -> {
            page.heading(heading + ": " + RunReport.percent(evaluation.top(1)) + " right");
            judged(page, dataset, recipe, model, evaluation);
        });
        page.details(
                "Pixels, clips and precision",
                RecipeSettings.of(recipe).entrySet().stream()
                        .filter(setting -> JUDGED_WITH.contains(setting.getKey()))
                        .map(setting -> List.of(setting.getKey(), setting.getValue()))
                        .toList());
        page.write(file);
    }

    /** Puts classes, confusions and samples with what a model says of them on a page. */
    public static void judged(Html page, Dataset dataset, Recipe recipe, HieraConfig model, Evaluation evaluation) {
        RunReport.confusion(page, evaluation, dataset.classNames());
        RunReport.samples(
                page,
                evaluation,
                dataset.validation(),
                ClipChoice.uniform(Loading.sampler(recipe.data(), model), 0),
                Loading.testTransform(recipe.data(), model),
                dataset.classNames());
    }
}
