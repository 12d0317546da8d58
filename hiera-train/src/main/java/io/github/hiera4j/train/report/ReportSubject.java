package io.github.hiera4j.train.report;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The subject of a report.
 *
 * @param recipe determines the pixels and clips that the model sees
 * @param encoder the model
 * @param dataset the data set, whose validation samples are evaluated
 * @param weights the checkpoint
 * @param run the run's directory; empty unless the report is about a training run
 * @param evaluation the model's predictions for the validation samples; empty unless it predicts classes
 */
public record ReportSubject(
        Recipe recipe,
        HieraConfig encoder,
        Dataset dataset,
        Path weights,
        Optional<Path> run,
        Optional<Evaluation> evaluation) {

    /**
     * {@return the same subject with another evaluation}
     *
     * @param other predictions and labels
     */
    public ReportSubject withEvaluation(Evaluation other) {
        return new ReportSubject(recipe, encoder, dataset, weights, run, Optional.of(other));
    }
}
