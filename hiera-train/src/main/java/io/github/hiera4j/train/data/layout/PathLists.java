package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.TextLines;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.FileSource.Labelled;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Text files that name one file per line: with its class number after a space, tab or comma, as in Kinetics' lists, or without one
 * for pretraining.
 *
 * <p>Relative paths are resolved against the list's directory and must stay inside it; absolute paths are used unchanged.
 */
final class PathLists {
    private static final TextLines.Limits LIMITS = new TextLines.Limits(1L << 30, 1 << 14);
    private static final int MOST_DIGITS = 6;
    private static final int FILES_TRIED = 64;

    private PathLists() {}

    /** A parsed line. */
    private record Line(String path, int label) {}

    static Optional<Path> find(Path root, String name) {
        return List.of(".csv", ".txt", ".list").stream()
                .map(ending -> root.resolve(name + ending))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Opens {@code train.csv} and, if present, {@code val.csv}. */
    static Dataset open(Path root, Path trainList) {
        List<Labelled> train = labelled(root, trainList);
        Optional<Path> list = find(root, "val");
        FileSource source = new FileSource(train);
        return new Dataset(
                root.toString(),
                ClassNames.numbered(root, source),
                source,
                new FileSource(list.map(file -> labelled(root, file)).orElse(List.of())),
                list.map(Path::toString).orElse("nothing"));
    }

    /** Opens all lines of one list; classes are numbered as in the {@code train.csv} in the same directory, if present. */
    static Dataset openForEvaluation(Path root, Path list) {
        FileSource evaluated = new FileSource(labelled(root, list));
        Optional<Path> trainList = find(root, "train").filter(other -> !other.equals(list));
        FileSource numbering = trainList.isPresent() ? new FileSource(labelled(root, trainList.get())) : evaluated;
        List<String> classes = trainList.isPresent()
                ? ClassNames.numbered(root, numbering)
                : ClassNames.numberedSubset(root, evaluated);
        return new Dataset(root.toString(), classes, new FileSource(List.of()), evaluated, "all of " + list);
    }

    /**
     * Opens a list of files to pretrain on. A class number after the path is ignored if the paths exist without it.
     *
     * @param list the file; if it is called {@code train}, a list called {@code val} in the same directory is the held-out part
     */
    static Dataset openUnlabelled(Path list) {
        Path root = directory(list);
        List<Path> train = paths(root, list);
        Optional<Path> validation = MediaFiles.name(list).startsWith("train.") ? find(root, "val") : Optional.empty();
        return validation
                .map(file -> Dataset.unlabelled(
                        list.toString(),
                        FileSource.unlabelled(train),
                        FileSource.unlabelled(paths(root, file)),
                        file.toString()))
                .orElseGet(() -> Folders.unlabelled(list, train));
    }

    static Path directory(Path list) {
        Path parent = list.getParent();
        return parent == null ? Path.of("") : parent;
    }

    private static List<Labelled> labelled(Path root, Path list) {
        return labelled(root, list, path -> path);
    }

    /** Reads the lines of a list whose paths are relative to a directory even if they begin with a slash. */
    static List<Labelled> labelledBelow(Path directory, Path list) {
        return labelled(directory, list, path -> {
            int start = 0;
            while (start < path.length() - 1 && path.charAt(start) == '/') {
                start++;
            }
            return path.substring(start);
        });
    }

    private static List<Labelled> labelled(Path root, Path list, UnaryOperator<String> path) {
        List<Labelled> files = new ArrayList<>();
        forEach(
                list,
                (where, line) -> files.add(new Labelled(resolve(root, where, path.apply(line.path())), line.label())));
        requireSomeExist(list, files.stream().map(Labelled::path).toList());
        return files;
    }

    /** Returns the names of a list whose lines are {@code name number}, ordered by number. */
    static List<String> numberedNames(Path list) {
        TreeMap<Integer, String> names = new TreeMap<>();
        forEach(
                list,
                (where, line) -> check(
                        names.put(line.label(), line.path()) == null,
                        "%s: numbers two classes %d",
                        where,
                        line.label()));
        check(names.lastKey() == names.size() - 1, "%s: must number its classes from 0 without a gap", list);
        return List.copyOf(names.values());
    }

    private static void forEach(Path list, BiConsumer<String, Line> receiver) {
        int[] lines = {0};
        TextLines.forEach(list, LIMITS, (number, text) -> {
            if (text.isBlank()) {
                return;
            }
            Optional<Line> line = parse(text.strip());
            String where = list + " line " + number;
            check(line.isPresent(), "%s: expected 'path label', got '%s'", where, Printable.of(text.strip()));
            receiver.accept(where, line.orElseThrow());
            lines[0]++;
        });
        check(lines[0] > 0, "%s: the list is empty", list);
    }

    private static List<Path> paths(Path root, Path list) {
        List<Path> whole = new ArrayList<>();
        List<Path> withoutLabels = new ArrayList<>();
        TextLines.forEach(list, LIMITS, (number, text) -> {
            if (!text.isBlank()) {
                whole.add(resolve(root, list + " line " + number, text.strip()));
                parse(text.strip())
                        .ifPresent(line -> withoutLabels.add(resolve(root, list + " line " + number, line.path())));
            }
        });
        check(!whole.isEmpty(), "%s: the list is empty", list);
        boolean labelled = withoutLabels.size() == whole.size() && someExist(withoutLabels) && !someExist(whole);
        List<Path> files = labelled ? withoutLabels : whole;
        requireSomeExist(list, files);
        return files;
    }

    /** Splits a stripped line into path and class number; empty if it does not end in a number. Takes linear time. */
    private static Optional<Line> parse(String text) {
        int digits = text.length();
        while (digits > 0 && text.charAt(digits - 1) >= '0' && text.charAt(digits - 1) <= '9') {
            digits--;
        }
        int end = digits;
        while (end > 0 && " ,\t".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        int count = text.length() - digits;
        boolean complete = count >= 1 && count <= MOST_DIGITS && end < digits && end > 0;
        return complete
                ? Optional.of(new Line(text.substring(0, end), Integer.parseInt(text.substring(digits))))
                : Optional.empty();
    }

    /**
     * Returns the file that an entry names.
     *
     * @param root directory of relative names, which must stay inside it
     * @param where position of the entry, for messages
     */
    static Path resolve(Path root, String where, String name) {
        try {
            Path path = Path.of(name);
            check(
                    path.isAbsolute() || !path.normalize().startsWith(".."),
                    "%s: '%s' leads out of the list's directory; write it as an absolute path",
                    where,
                    Printable.of(name));
            return root.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new HieraException(where + ": not a file name: " + e.getReason(), e);
        }
    }

    /**
     * Checks that some of a list's files exist. A few missing files are replaced during training, but if none of the first dozens exists,
     * the paths are wrong.
     */
    static void requireSomeExist(Path list, List<Path> files) {
        check(
                someExist(files),
                "%s: none of the listed files exists, such as %s; relative paths start at the list's directory",
                list,
                Printable.of(files.get(0)));
    }

    private static boolean someExist(List<Path> files) {
        int stride = Math.max(1, files.size() / FILES_TRIED);
        for (int i = 0; i < files.size(); i += stride) {
            if (Files.exists(files.get(i))) {
                return true;
            }
        }
        return false;
    }
}
