package io.github.hiera4j.train.data.layout;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.io.TextLines;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.FileSource;
import io.github.hiera4j.train.data.FileSource.Labelled;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Kinetics-400, 600 and 700 as their authors list them: {@code train.csv} and {@code val.csv} (or {@code validate.csv}) with the
 * columns {@code label,youtube_id,time_start,time_end}, and videos as {@code train/LABEL/ID_000001_000011.mp4} or without the label's
 * directory.
 */
final class KineticsTable {
    private static final String HEADER = "label,youtube_id,time_start,time_end";
    private static final TextLines.Limits LIMITS = new TextLines.Limits(1L << 28, 1 << 12);
    private static final int MOST_SECONDS = 1_000_000;

    private KineticsTable() {}

    /** One line of a table. */
    private record Row(String label, String id, int start, int end) {}

    static boolean isPresent(Path root, String part) {
        return table(root, part).isPresent();
    }

    private static Optional<Path> table(Path root, String part) {
        List<String> names = part.equals("val") ? List.of("val.csv", "validate.csv") : List.of(part + ".csv");
        return names.stream()
                .map(root::resolve)
                .filter(KineticsTable::hasHeader)
                .findFirst();
    }

    private static boolean hasHeader(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            char[] start = new char[HEADER.length() + 8];
            int count = reader.read(start);
            return count > 0 && new String(start, 0, count).contains(HEADER);
        } catch (IOException e) {
            return false; // reading the list will report why
        }
    }

    /** Opens both parts, or only the validation part. */
    static Dataset open(Path root) {
        Optional<Path> train = table(root, "train");
        Optional<Path> validation = table(root, "val");
        List<Row> rows = train.map(KineticsTable::rows).orElse(List.of());
        List<Row> held = validation.map(KineticsTable::rows).orElse(List.of());
        List<String> classes = List.copyOf(new TreeSet<>(
                (rows.isEmpty() ? held : rows).stream().map(Row::label).toList()));
        return new Dataset(
                root.toString(),
                classes,
                new FileSource(train.map(file -> files(root, file, "train", rows, classes))
                        .orElse(List.of())),
                new FileSource(validation
                        .map(file -> files(root, file, "val", held, classes))
                        .orElse(List.of())),
                validation.map(file -> "all of " + file).orElse("nothing"));
    }

    private static List<Row> rows(Path file) {
        List<Row> rows = new ArrayList<>();
        TextLines.forEach(file, LIMITS, (number, line) -> {
            if (number == 1 || line.isBlank()) {
                return;
            }
            List<String> cells = cells(line);
            boolean complete =
                    cells.size() >= 4 && isId(cells.get(1)) && seconds(cells.get(2)) >= 0 && seconds(cells.get(3)) >= 0;
            check(
                    complete && !cells.get(0).isBlank(),
                    "%s line %d: expected '%s', got '%s'",
                    file,
                    number,
                    HEADER,
                    Printable.of(line));
            rows.add(new Row(cells.get(0), cells.get(1), seconds(cells.get(2)), seconds(cells.get(3))));
        });
        check(!rows.isEmpty(), "%s: the list is empty", file);
        return rows;
    }

    /** Splits a line into its cells at commas; a cell that contains commas is quoted. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString().strip());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString().strip());
        return cells;
    }

    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= 64
                && text.chars().allMatch(c -> c == '-' || c == '_' || (c < 128 && Character.isLetterOrDigit(c)));
    }

    /** Returns whole seconds, or -1. */
    private static int seconds(String text) {
        int dot = text.endsWith(".0") ? text.length() - 2 : text.length();
        boolean digits = dot > 0 && dot <= 7 && text.substring(0, dot).chars().allMatch(c -> c >= '0' && c <= '9');
        int value = digits ? Integer.parseInt(text.substring(0, dot)) : -1;
        return value <= MOST_SECONDS ? value : -1;
    }

    private static List<Labelled> files(Path root, Path file, String part, List<Row> rows, List<String> classes) {
        Path directory = part.equals("val") && Files.isDirectory(root.resolve("validate"))
                ? root.resolve("validate")
                : root.resolve(part);
        Map<String, Integer> numbers = new HashMap<>();
        classes.forEach(name -> numbers.put(name, numbers.size()));
        List<Labelled> files = new ArrayList<>();
        for (Row row : rows) {
            int label = numbers.getOrDefault(row.label(), -1);
            check(label >= 0, "%s: has the class '%s', which train.csv lacks", file, Printable.of(row.label()));
            String name = String.format(Locale.ROOT, "%s_%06d_%06d.mp4", row.id(), row.start(), row.end());
            Path inClass =
                    PathLists.resolve(directory, file.toString(), row.label()).resolve(name);
            files.add(new Labelled(Files.exists(inClass) ? inClass : directory.resolve(name), label));
        }
        PathLists.requireSomeExist(file, files.stream().map(Labelled::path).toList());
        return files;
    }
}
