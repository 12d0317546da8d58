package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import java.util.List;
import java.util.Locale;

/**
 * Labelled samples to learn from and others to be judged by.
 *
 * @param name where it comes from
 * @param classNames names of the classes by index
 * @param train samples to learn from
 * @param validation held-out samples; may be empty
 */
public record Dataset(String name, List<String> classNames, SampleSource train, SampleSource validation) {
    public Dataset {
        classNames = List.copyOf(classNames);
        check(train.size() > 0, "%s: has no training samples", name);
        check(!classNames.isEmpty(), "%s: has no classes", name);
        checkLabels(name, classNames.size(), train);
        checkLabels(name, classNames.size(), validation);
    }

    private static void checkLabels(String name, int classes, SampleSource source) {
        for (int i = 0; i < source.size(); i++) {
            int label = source.label(i);
            check(
                    label >= 0 && label < classes,
                    "%s: %s has the label %d, expected 0 to %d",
                    name,
                    source.name(i),
                    label,
                    classes - 1);
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
        return String.format(Locale.ROOT, "%016x", hash);
    }
}
