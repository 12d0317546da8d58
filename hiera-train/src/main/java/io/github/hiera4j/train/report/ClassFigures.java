package io.github.hiera4j.train.report;

import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Percent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The accuracy and the confusions of each class, as text that fits a terminal of 80 columns.
 *
 * @param names of the classes
 * @param confusion row: true class, column: predicted class
 */
public record ClassFigures(List<String> names, int[][] confusion) {
    /** With more classes than this, a matrix is not readable. */
    public static final int MOST_IN_MATRIX = 20;

    private static final String OTHER = "(other)";
    private static final int COLUMNS = 80;
    private static final int LONGEST_NAME = 40;

    /**
     * {@return the figures of every class}
     *
     * @param evaluation predictions and labels
     * @param names names of the classes by index
     */
    public static ClassFigures of(Evaluation evaluation, List<String> names) {
        return new ClassFigures(names, evaluation.confusion());
    }

    /**
     * {@return the figures of some classes; predictions of other classes are counted in a last class, {@code (other)}}
     *
     * @param evaluation predictions and labels
     * @param names of all classes
     * @param some the classes that the samples have
     */
    public static ClassFigures of(Evaluation evaluation, List<String> names, List<Integer> some) {
        int[][] all = evaluation.confusion();
        if (some.size() == names.size()) {
            return new ClassFigures(names, all);
        }
        List<String> shown = new ArrayList<>(some.stream().map(names::get).toList());
        shown.add(OTHER);
        int[][] confusion = new int[shown.size()][shown.size()];
        for (int row = 0; row < some.size(); row++) {
            int[] predicted = all[some.get(row)];
            int rest = Arrays.stream(predicted).sum();
            for (int column = 0; column < some.size(); column++) {
                confusion[row][column] = predicted[some.get(column)];
                rest -= confusion[row][column];
            }
            confusion[row][some.size()] = rest;
        }
        return new ClassFigures(shown, confusion);
    }

    /**
     * {@return the number of samples of a class}
     *
     * @param label index of the class
     */
    public int samples(int label) {
        return Arrays.stream(confusion[label]).sum();
    }

    /**
     * Returns the fraction of a class's samples that were classified correctly; 0 if it has none.
     *
     * @param label index of the class
     * @return 0 to 1
     */
    public double accuracy(int label) {
        int samples = samples(label);
        return samples == 0 ? 0 : (double) confusion[label][label] / samples;
    }

    /**
     * The samples of one class that were predicted as another one.
     *
     * @param label the true class
     */
    public record Confusion(int label, int predicted, int samples) {}

    /** {@return every kind of wrong prediction, the most frequent ones first} */
    public List<Confusion> confusions() {
        List<Confusion> found = new ArrayList<>();
        for (int label = 0; label < names.size(); label++) {
            for (int predicted = 0; predicted < names.size(); predicted++) {
                if (label != predicted && confusion[label][predicted] > 0) {
                    found.add(new Confusion(label, predicted, confusion[label][predicted]));
                }
            }
        }
        found.sort(Comparator.comparingInt(Confusion::samples).reversed());
        return found;
    }

    /** {@return a line for each class, in the order of the classes} */
    public List<String> lines() {
        return lines(IntStream.range(0, names.size()).boxed().toList());
    }

    /**
     * {@return a line for each of the classes with the lowest accuracy; classes without samples are left out}
     *
     * @param count number of classes
     */
    public List<String> hardest(int count) {
        return lines(IntStream.range(0, names.size())
                .filter(label -> samples(label) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(this::accuracy))
                .limit(count)
                .toList());
    }

    private List<String> lines(List<Integer> labels) {
        int width = Math.max(5, Math.min(LONGEST_NAME, longestName()));
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%-" + width + "s  %8s  %7s", "class", "accuracy", "samples"));
        for (int label : labels) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-" + width + "s  %8s  %7d",
                    shortened(names.get(label), width),
                    samples(label) == 0 ? "-" : Percent.of(accuracy(label)),
                    samples(label)));
        }
        return lines;
    }

    /** {@return the confusion matrix: counts, or percentages of the true class if the counts do not fit} */
    public List<String> matrix() {
        int most = Arrays.stream(confusion).flatMapToInt(Arrays::stream).max().orElse(0);
        int cell = String.valueOf(most).length() + 1;
        int room = COLUMNS - 4 - names.size() * Math.max(3, cell);
        boolean counts = room >= Math.min(longestName(), 16);
        cell = counts ? Math.max(3, cell) : 3;
        int width = Math.min(longestName(), COLUMNS - 3 - names.size() * cell);
        List<String> lines = new ArrayList<>();
        lines.add((counts ? "samples" : "percent of a row") + "; rows: true class, columns: predicted class");
        lines.add(" ".repeat(width + 2) + columns(cell, this::letter));
        for (int label = 0; label < names.size(); label++) {
            int row = label;
            String values = columns(cell, column -> {
                int value = confusion[row][column];
                long shown = counts ? value : Math.round(100.0 * value / Math.max(1, samples(row)));
                return value == 0 ? "." : String.valueOf(shown);
            });
            lines.add(String.format(
                    Locale.ROOT, "%-" + width + "s %s%s", shortened(names.get(label), width), letter(label), values));
        }
        return lines;
    }

    /** {@return the matrix as comma-separated values (RFC 4180), names in the first row and column} */
    public String csv() {
        StringBuilder text = new StringBuilder("true class");
        names.forEach(name -> text.append(',').append(quoted(name)));
        text.append("\r\n");
        for (int label = 0; label < names.size(); label++) {
            text.append(quoted(names.get(label)));
            for (int count : confusion[label]) {
                text.append(',').append(count);
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    private String columns(int cell, java.util.function.IntFunction<String> content) {
        return IntStream.range(0, names.size())
                .mapToObj(column -> String.format(Locale.ROOT, "%" + cell + "s", content.apply(column)))
                .collect(Collectors.joining());
    }

    private String letter(int label) {
        return String.valueOf((char) ('a' + label));
    }

    private int longestName() {
        return names.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String shortened(String name, int width) {
        return name.length() <= width ? name : name.substring(0, Math.max(0, width - 1)) + "~";
    }

    private static String quoted(String text) {
        return text.matches("(?s).*[,\"\\r\\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
