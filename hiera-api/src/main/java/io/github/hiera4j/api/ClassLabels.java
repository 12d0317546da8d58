package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.UnsupportedException;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.HieraConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Names of classes by index. Those of ImageNet-1K and Kinetics-400 are built in.
 *
 * @param names one per class
 */
public record ClassLabels(List<String> names) {
    private static final long LARGEST_FILE = 16L << 20;

    /**
     * Copies the names.
     *
     * @param names the names of the classes, by index
     */
    public ClassLabels {
        names = List.copyOf(names);
    }

    /**
     * Returns the built-in names of 1000 or 400 classes, otherwise {@code class 0}, {@code class 1}, …
     *
     * @param classes number of classes
     * @return the names
     */
    public static ClassLabels forCount(int classes) {
        return switch (classes) {
            case 1000 -> builtIn("imagenet1k.tsv");
            case 400 -> builtIn("kinetics400.tsv");
            default ->
                new ClassLabels(
                        IntStream.range(0, classes).mapToObj(i -> "class " + i).toList());
        };
    }

    /** Returns the caller's names if present, otherwise those of the checkpoint, otherwise the built-in ones. */
    static ClassLabels of(Checkpoint checkpoint, HieraConfig config, LoadOptions options) {
        int classes = config.numClasses();
        if (options.labels().isPresent()) {
            int count = options.labels().get().names().size();
            check(count == classes, "expected %d class names, one for each class of the model, got %d", classes, count);
            return options.labels().get();
        }
        if (options.labelFile().isPresent()) {
            return read(options.labelFile().get(), classes);
        }
        return checkpoint.classNames().isEmpty() ? forCount(classes) : new ClassLabels(checkpoint.classNames());
    }

    /** Returns the likeliest classes with their probabilities, the likeliest first. */
    List<Classification> top(float[] probabilities, int topK) {
        checkTop(topK);
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -probabilities[index]))
                .limit(topK)
                .map(index -> new Classification(index, names.get(index), probabilities[index]))
                .toList();
    }

    static void checkTop(int topK) {
        check(topK >= 1, "expected to list at least 1 class, got %d", topK);
    }

    /**
     * Returns other designations of the built-in classes, by index: for 1000 classes ImageNet's synsets, such as {@code n01440764}. Empty
     * if there are none.
     *
     * @param classes the number of classes
     * @return the designations by class index
     */
    public static List<List<String>> designations(int classes) {
        return classes == 1000 ? columns("imagenet1k.tsv") : List.of();
    }

    /**
     * Reads names from a text file: one name per line in the order of the classes, or {@code index<TAB>…<TAB>name} lines.
     *
     * @param file the text file, in UTF-8
     * @param classes number of classes of the model, which the file must match
     * @return the names
     * @throws HieraException if the file cannot be read or names another number of classes
     */
    public static ClassLabels read(Path file, int classes) {
        try {
            check(Files.size(file) <= LARGEST_FILE, "%s: too large for a list of class names", file);
            List<String> names = parse(lines(file));
            check(names.size() == classes, "%s: names %d classes, the model has %d", file, names.size(), classes);
            return new ClassLabels(names);
        } catch (IOException fault) {
            throw FileFault.unreadable(file, fault);
        }
    }

    /** Reads UTF-8 text without a byte-order mark. */
    private static List<String> lines(Path file) throws IOException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
            return (text.startsWith("\ufeff") ? text.substring(1) : text)
                    .lines()
                    .toList();
        } catch (CharacterCodingException fault) {
            throw new UnsupportedException(file + ": is not UTF-8 text; save the class names as UTF-8", fault);
        }
    }

    private static ClassLabels builtIn(String resource) {
        return new ClassLabels(parse(lines(resource)));
    }

    /** Returns the columns between the index and the name. */
    private static List<List<String>> columns(String resource) {
        return lines(resource).stream()
                .map(line -> List.of(line.split("\t", -1)))
                .map(columns -> columns.subList(1, columns.size() - 1))
                .toList();
    }

    private static List<String> lines(String resource) {
        try (InputStream stream = Objects.requireNonNull(ClassLabels.class.getResourceAsStream(resource), resource);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException fault) {
            throw new IllegalStateException(resource, fault);
        }
    }

    private static List<String> parse(List<String> lines) {
        List<String> names = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank()) {
                names.add(line.substring(line.lastIndexOf('\t') + 1).strip());
            }
        }
        return names;
    }
}
