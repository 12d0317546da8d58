package io.github.hiera4j.train.data;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists with a file and its class number a line, separated by a space or a comma, as Kinetics' are. */
final class VideoLists {
    private static final long LARGEST_LIST = 1L << 28;
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
        FileSource source = new FileSource(train);
        return new Dataset(root.toString(), Datasets.numberedClasses(root, source), source, new FileSource(held));
    }

    /** Relative paths count from the list's directory and stay in it; absolute ones are taken as they are, as Kinetics' lists have them. */
    private static List<FileSource.Labelled> read(Path root, Path list) {
        List<FileSource.Labelled> files = new ArrayList<>();
        try {
            check(Files.size(list) <= LARGEST_LIST, "%s: is too large for a list of videos", list);
            int number = 0;
            for (String line : Files.readAllLines(list)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                Matcher parts = LINE.matcher(line.strip());
                check(parts.matches(), "%s line %d: expected 'path label', got '%s'", list, number, line);
                Path file = resolve(root, list, number, parts.group(1));
                files.add(new FileSource.Labelled(file, Integer.parseInt(parts.group(2))));
            }
        } catch (MalformedInputException e) {
            throw new HieraException(list + ": cannot be read: it is no UTF-8 text", e);
        } catch (IOException e) {
            throw new HieraException(list + ": cannot be read: " + FileFault.reason(e), e);
        }
        check(!files.isEmpty(), "%s: the list is empty", list);
        FileSource.requireSomeExist(list, files);
        return files;
    }

    private static Path resolve(Path root, Path list, int number, String name) {
        try {
            Path file = root.resolve(name).normalize();
            check(
                    Path.of(name).isAbsolute() || file.startsWith(root.normalize()),
                    "%s line %d: '%s' leads out of the data set's directory",
                    list,
                    number,
                    name);
            return file;
        } catch (InvalidPathException e) {
            throw new HieraException(list + " line " + number + ": not a file name: " + e.getReason(), e);
        }
    }
}
