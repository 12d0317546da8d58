package io.github.hiera4j.train.evaluate;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.Recipe;
import java.util.List;
import java.util.Locale;

/** Judges a classifier that lies in a file. */
public final class CheckpointEvaluation {
    private CheckpointEvaluation() {}

    /**
     * Shows every held-out sample to the model, every view of a video, and averages the views' probabilities.
     *
     * @throws io.github.hiera4j.model.HieraException if the checkpoint has no head or another number of classes, or if nothing is
     *     held out
     */
    public static Evaluation run(Checkpoint checkpoint, Recipe recipe, Dataset dataset, Progress progress) {
        HieraConfig config = checkpoint.config().encoder();
        requireClasses(checkpoint, dataset, progress);
        Evaluation evaluation = new Evaluation(config.numClasses());
        try (ViewPass pass =
                new ViewPass(checkpoint, config.inferenceGraph().select(Hiera.PROBABILITIES), recipe, progress)) {
            pass.run(dataset.validation(), "evaluating", evaluation::addView);
        }
        return evaluation;
    }

    private static void requireClasses(Checkpoint checkpoint, Dataset dataset, Progress progress) {
        int classes = dataset.classNames().size();
        int head = checkpoint.config() instanceof HieraConfig config ? config.numClasses() : 0;
        check(
                head > 0,
                "%s: has no head that names classes: measure its features with hiera probe, or run hiera finetune first",
                checkpoint.path());
        check(
                head == classes,
                "%s: names %d classes, %s has %d: hiera finetune --from replaces the head",
                checkpoint.path(),
                head,
                dataset.name(),
                classes);
        check(
                dataset.validation().size() > 0,
                "%s: holds nothing out to judge by: put samples in its val directory or list",
                dataset.name());
        List<String> names = checkpoint.classNames();
        for (int label = 0; label < names.size(); label++) {
            if (!names.get(label).equals(dataset.classNames().get(label))) {
                progress.note(String.format(
                        Locale.ROOT,
                        "class %d is '%s' in the checkpoint and '%s' in the data: classes are compared by number",
                        label,
                        names.get(label),
                        dataset.classNames().get(label)));
                return;
            }
        }
    }
}
