package io.github.hiera4j.train.evaluate;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.recipe.DataSettings;
import java.util.List;

/** Evaluates a classifier in a checkpoint. */
public final class CheckpointEvaluation {
    private CheckpointEvaluation() {}

    /** A model's evaluation, and the data set as it was evaluated: with the model's classes instead of its own. */
    public record Result(Evaluation evaluation, Dataset dataset, ClassMatch classes) {}

    /**
     * Does the same as
     * {@link #run(Checkpoint, DataSettings, CompileOptions, Dataset, ClassMatch.ModelClasses, boolean, Progress)}, matching classes by
     * the checkpoint's class names.
     *
     * @param checkpoint an open checkpoint
     * @param data the recipe's settings of the data
     * @param options precision, device and threads
     * @param dataset training and held-out samples
     * @param progress receives figures and notes
     * @return predictions and labels
     */
    public static Result run(
            Checkpoint checkpoint, DataSettings data, CompileOptions options, Dataset dataset, Progress progress) {
        ClassMatch.ModelClasses own = new ClassMatch.ModelClasses(
                requireHead(checkpoint).numClasses(), checkpoint.classNames(), List.of(), true);
        return run(checkpoint, data, options, dataset, own, false, progress);
    }

    /**
     * Shows every held-out sample to the model, every view of a video, and averages the views' probabilities.
     *
     * @param checkpoint an open checkpoint
     * @param data pixels, clips and batch size
     * @param options device, precision and threads
     * @param dataset training and held-out samples
     * @param known names of the model's classes if the checkpoint has none, and further names
     * @param byNumber whether to compare classes by number, regardless of their names
     * @param progress receives figures and notes
     * @return predictions and labels
     * @throws io.github.hiera4j.model.HieraException if the checkpoint has no head, a class of the data is unknown to the model,
     *     or there are no validation samples
     */
    public static Result run(
            Checkpoint checkpoint,
            DataSettings data,
            CompileOptions options,
            Dataset dataset,
            ClassMatch.ModelClasses known,
            boolean byNumber,
            Progress progress) {
        HieraConfig config = requireHead(checkpoint);
        check(
                dataset.validation().size() > 0,
                "%s: has no validation samples: put some in its val directory or list",
                dataset.name());
        ClassMatch match = ClassMatch.of(known, dataset.classNames(), byNumber);
        Dataset matched = match.apply(dataset);
        progress.note(match.note());
        Evaluation evaluation = new Evaluation(config.numClasses());
        try (ViewPass pass = new ViewPass(
                checkpoint,
                checkpoint.config().inferenceGraph().select(Hiera.PROBABILITIES),
                data,
                options,
                progress)) {
            pass.run(matched.validation(), "evaluating", evaluation::addView);
        }
        return new Result(evaluation, matched, match);
    }

    /**
     * {@return the classifier's settings; fails for an autoencoder and for a model without a head}
     *
     * @param checkpoint an open checkpoint
     */
    public static HieraConfig requireHead(Checkpoint checkpoint) {
        int head = checkpoint.config().isAutoencoder()
                ? 0
                : checkpoint.config().encoder().numClasses();
        check(
                head > 0,
                "%s: has no classification head: measure its features with hiera probe, or run hiera finetune first",
                checkpoint.path());
        return checkpoint.config().encoder();
    }
}
