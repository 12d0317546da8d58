package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists with a file and its class number a line, separated by a space or a comma, as Kinetics' are. */
final class VideoLists {
    private static final Pattern LINE = Pattern.compile("(.+?)[ ,\\t]+(\\d{1,6})");

    private VideoLists() {}

    static Optional<Path> find(Path root, String name) {
        for (String ending : List.of(".csv", ".txt", ".list")) {
            Path file = root.resolve(name + ending);
            if (Files.isRegularFile(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    static Dataset open(Path root, Path trainList) {
        List<FileSource.Labelled> train = read(root, trainList);
        List<FileSource.Labelled> held =
                find(root, "val").map(list -> read(root, list)).orElse(List.of());
        int classes = 0;
        for (FileSource.Labelled file : train) {
            classes = Math.max(classes, file.label() + 1);
        }
        return new Dataset(
                root.toString(), Datasets.classNames(root, classes), new FileSource(train), new FileSource(held));
    }

    /** Relative paths count from the list's directory. */
    private static List<FileSource.Labelled> read(Path root, Path list) {
        List<FileSource.Labelled> files = new ArrayList<>();
        try {
            int number = 0;
            for (String line : Files.readAllLines(list)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Matcher parts = LINE.matcher(line.strip());
                check(parts.matches(), "%s line %d: expected 'path label', got '%s'", list, number, line);
                files.add(new FileSource.Labelled(root.resolve(parts.group(1)), Integer.parseInt(parts.group(2))));
            }
        } catch (IOException e) {
            throw new HieraException(list + ": cannot be read: " + e.getMessage(), e);
        }
        check(!files.isEmpty(), "%s: the list is empty", list);
        return files;
    }
}
