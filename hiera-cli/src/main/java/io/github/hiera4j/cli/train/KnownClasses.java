package io.github.hiera4j.cli.train;

import io.github.hiera4j.api.ClassLabels;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.train.evaluate.ClassMatch.ModelClasses;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names of a classifier's classes: from a file, from the checkpoint, or the usual ones for this number of classes. */
final class KnownClasses {
    private static final double MOST = 0.9;

    private KnownClasses() {}

    /** @param labels a file with one name per line, instead of the checkpoint's names */
    static ModelClasses of(Checkpoint checkpoint, int classes, @Nullable Path labels) {
        List<String> own = labels == null
                ? checkpoint.classNames()
                : ClassLabels.read(labels, classes).names();
        List<String> usual = classes == 1000 || classes == 400
                ? ClassLabels.forCount(classes).names()
                : List.of();
        if (own.isEmpty()) {
            return new ModelClasses(classes, usual, ClassLabels.designations(classes), false);
        }
        List<List<String>> further = agree(own, usual) ? further(usual, ClassLabels.designations(classes)) : List.of();
        return new ModelClasses(classes, own, further, true);
    }

    /** Returns whether most names are the usual ones, in full or as one of several synonyms, or their designations. */
    private static boolean agree(List<String> own, List<String> usual) {
        List<List<String>> designations = ClassLabels.designations(usual.size());
        int same = 0;
        for (int index = 0; index < usual.size(); index++) {
            String name = own.get(index).replace('_', ' ').toLowerCase(Locale.ROOT);
            String other = usual.get(index).toLowerCase(Locale.ROOT);
            boolean designated =
                    !designations.isEmpty() && designations.get(index).stream().anyMatch(name::equalsIgnoreCase);
            same += designated || (", " + other + ",").contains(", " + name + ",") ? 1 : 0;
        }
        return !usual.isEmpty() && same >= MOST * usual.size();
    }

    private static List<List<String>> further(List<String> usual, List<List<String>> designations) {
        return IntStream.range(0, usual.size())
                .mapToObj(index -> designations.isEmpty()
                        ? List.of(usual.get(index))
                        : Stream.concat(designations.get(index).stream(), Stream.of(usual.get(index)))
                                .toList())
                .toList();
    }
}
