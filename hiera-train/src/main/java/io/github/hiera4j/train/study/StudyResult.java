package io.github.hiera4j.train.study;

import java.util.List;
import java.util.Locale;

/**
 * The results of a study so far.
 *
 * @param rows every finished training that ends with an accuracy, by variant, then seed
 * @param failures one line for each training that failed
 * @param complete whether all possible trainings are finished
 */
public record StudyResult(List<Row> rows, List<String> failures, boolean complete) {
    /**
     * Copies the lists.
     *
     * @param rows finished trainings
     * @param failures one line for each failed training
     * @param complete whether nothing is left to train
     */
    public StudyResult {
        rows = List.copyOf(rows);
        failures = List.copyOf(failures);
    }

    /**
     * A trained classifier.
     *
     * @param variant the variant
     * @param seed of the training
     * @param pretrained whether an autoencoder came first
     * @param top1 accuracy on held-out samples, 0 to 1
     * @param steps of the training with labels
     * @param seconds of the training with labels and of the pretraining
     */
    public record Row(StudyVariant variant, long seed, boolean pretrained, double top1, long steps, double seconds) {}

    /**
     * {@return the accuracy of a variant over the seeds}
     *
     * @param variant a variant of the study
     * @param pretrained whether an autoencoder came first
     */
    public Spread accuracy(StudyVariant variant, boolean pretrained) {
        return Spread.of(rows.stream()
                .filter(row -> row.variant().equals(variant) && row.pretrained() == pretrained)
                .map(Row::top1)
                .toList());
    }

    /** {@return one line for each training, with a heading, for spreadsheets} */
    public String csv() {
        StringBuilder text = new StringBuilder("variant,change,start,seed,top1,steps,seconds\n");
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s,\"%s\",%s,%d,%.6f,%d,%.1f%n",
                    row.variant().label(),
                    row.variant().change(),
                    row.pretrained() ? "pretrained" : "scratch",
                    row.seed(),
                    row.top1(),
                    row.steps(),
                    row.seconds()));
        }
        return text.toString().replace("\r\n", "\n");
    }
}
