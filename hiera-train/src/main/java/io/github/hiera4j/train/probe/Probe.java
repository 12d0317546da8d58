package io.github.hiera4j.train.probe;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Progress;
import java.util.function.Function;

/**
 * Evaluates the features of a frozen encoder with a linear classifier and nearest neighbours.
 *
 * <pre>{@code
 * try (Checkpoint checkpoint = Checkpoint.open(Path.of("runs/mae/model"))) {
 *     Recipe recipe = CheckpointRecipe.of(checkpoint).recipe();
 *     ProbeResult result = Probe.run(checkpoint, Datasets.open(data), ProbeSettings.of(recipe), Progress.SILENT);
 *     System.out.println(result.linear().top(1));
 * }
 * }</pre>
 *
 * <p>Deterministic. In addition to the network, memory holds one vector per sample.
 */
public final class Probe {
    private Probe() {}

    /**
     * Extracts the features of training and held-out samples, fits on the former and evaluates on the latter.
     *
     * @param checkpoint an autoencoder or any other Hiera; its head is not used
     * @param dataset training and held-out samples
     * @param settings settings of the features and classifiers
     * @param progress receives figures and notes
     * @return accuracies on the held-out samples
     * @throws io.github.hiera4j.model.HieraException if there are no validation samples, or the checkpoint does not fit the data
     */
    public static ProbeResult run(Checkpoint checkpoint, Dataset dataset, ProbeSettings settings, Progress progress) {
        check(
                dataset.validation().size() > 0,
                "%s: has no validation samples to evaluate with: put samples in its val directory or list",
                dataset.name());
        Features train;
        Features heldOut;
        try (EncoderFeatures encoder = new EncoderFeatures(checkpoint, settings.data(), settings.options(), progress)) {
            train = encoder.of(dataset.train(), "training features");
            heldOut = encoder.of(dataset.validation(), "held-out features");
        }
        int classes = dataset.classNames().size();
        progress.note("fitting a linear classifier to " + train.size() + " vectors of " + train.width());
        double penalty = PenaltyChoice.of(train, classes);
        LogisticRegression linear = LogisticRegression.fit(train, classes, penalty);
        NearestNeighbours nearest =
                new NearestNeighbours(train, classes, settings.neighbours(), settings.temperature());
        return new ProbeResult(
                train.size(),
                train.width(),
                penalty,
                nearest.neighbours(),
                judge(heldOut, classes, linear::probabilities),
                judge(heldOut, classes, nearest::scores));
    }

    private static Evaluation judge(Features heldOut, int classes, Function<float[], double[]> classifier) {
        float[][] scores = new float[heldOut.size()][];
        java.util.stream.IntStream.range(0, scores.length).parallel().forEach(i -> {
            double[] exact = classifier.apply(heldOut.rows()[i]);
            scores[i] = new float[classes];
            for (int label = 0; label < classes; label++) {
                scores[i][label] = (float) exact[label];
            }
        });
        Evaluation evaluation = new Evaluation(classes);
        for (int i = 0; i < scores.length; i++) {
            evaluation.addView(heldOut.samples()[i], heldOut.labels()[i], scores[i]);
        }
        return evaluation;
    }
}
