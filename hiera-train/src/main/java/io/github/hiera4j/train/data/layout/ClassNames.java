package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.TextLines;
import io.github.hiera4j.train.data.SampleSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Names of classes that a data set numbers from 0: the lines of {@code classes.txt} if present, otherwise the numbers. */
final class ClassNames {
    private static final int MOST = 1_000_000;
    private static final TextLines.Limits LIMITS = new TextLines.Limits(16L << 20, 4096);

    private ClassNames() {}

    /** Returns the names of the classes of training samples; there cannot be more classes than samples. */
    static List<String> numbered(Path root, SampleSource samples) {
        int largest = largest(samples);
        check(
                largest < 0 || samples.label(largest) < samples.size(),
                "%s: has the class number %d, but there are only %d training samples; classes are numbered from 0",
                largest < 0 ? "" : Printable.of(samples.name(largest)),
                largest < 0 ? 0 : samples.label(largest),
                samples.size());
        return names(root, largest < 0 ? 0 : samples.label(largest) + 1);
    }

    /** Returns the names of the classes of samples that may cover only some of the classes. */
    static List<String> numberedSubset(Path root, SampleSource samples) {
        int largest = largest(samples);
        return names(root, largest < 0 ? 0 : Math.min(MOST, samples.label(largest) + 1));
    }

    private static int largest(SampleSource samples) {
        int at = -1;
        for (int i = 0; i < samples.size(); i++) {
            at = at < 0 || samples.label(i) > samples.label(at) ? i : at;
        }
        return at;
    }

    private static List<String> names(Path root, int count) {
        Path file = root.resolve("classes.txt");
        if (!Files.isRegularFile(file)) {
            return IntStream.range(0, count).mapToObj(String::valueOf).toList();
        }
        List<String> names = TextLines.read(file, LIMITS).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        check(names.size() >= count, "%s: names %d classes, the data has %d", file, names.size(), count);
        return names;
    }
}
