package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.util.List;

/**
 * Samples to train on and others for evaluation.
 *
 * @param name where it comes from
 * @param classNames names of the classes by index; empty if the samples have no classes
 * @param train training samples; may be empty if the data set is for evaluation only
 * @param validation held-out samples; may be empty
 * @param heldOut what {@code validation} holds, in words that complete "held out: …"
 */
public record Dataset(
        String name, List<String> classNames, SampleSource train, SampleSource validation, String heldOut) {
    public Dataset {
        classNames = List.copyOf(classNames);
        check(train.size() + validation.size() > 0, "%s: has no samples", name);
        checkLabels(name, classNames.size(), train);
        checkLabels(name, classNames.size(), validation);
    }

    /** A labelled data set whose held-out samples need no explanation. */
    public Dataset(String name, List<String> classNames, SampleSource train, SampleSource validation) {
        this(name, classNames, train, validation, validation.size() == 0 ? "nothing" : "validation samples");
        check(!classNames.isEmpty(), "%s: has no classes", name);
    }

    /** A data set for pretraining, whose samples have no classes. */
    public static Dataset unlabelled(String name, SampleSource train, SampleSource validation, String heldOut) {
        return new Dataset(name, List.of(), train, validation, heldOut);
    }

    /** Whether the samples have classes. */
    public boolean isLabelled() {
        return !classNames.isEmpty();
    }

    private static void checkLabels(String name, int classes, SampleSource source) {
        for (int i = 0; i < source.size(); i++) {
            int label = source.label(i);
            boolean none = classes == 0 && label == SampleSource.NO_LABEL;
            if (!none && (label < 0 || label >= classes)) {
                throw new HieraException(String.format(
                        "%s: %s has the label %d, expected 0 to %d", name, source.name(i), label, classes - 1));
            }
        }
    }

    /** A number that changes when a file is added, removed, renamed or relabelled. */
    public String fingerprint() {
        long hash = classNames.hashCode();
        for (SampleSource source : List.of(train, validation)) {
            for (int i = 0; i < source.size(); i++) {
                hash = 31 * hash + source.name(i).hashCode();
                hash = 31 * hash + source.label(i);
            }
        }
        return String.format("%016x", hash);
    }
}
