package io.github.hiera4j.cli.terminal;

import io.github.hiera4j.model.HieraException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/** Prints the output of commands: JSON lines, or tables that fit a terminal. */
public final class Output {
    private final PrintWriter out;
    private final PrintWriter err;

    public Output(CommandSpec spec) {
        out = spec.commandLine().getOut();
        err = spec.commandLine().getErr();
    }

    /**
     * Prints one line of data.
     *
     * @throws HieraException if it cannot be written; {@link StandardOutput.ReaderGoneException} if the reader has closed the pipe
     */
    public void line(String text) {
        out.println(text);
        StandardOutput.check(out);
    }

    /** Prints one JSON object on one line, with lowerCamelCase keys. */
    public void json(Object value) {
        line(Json.MAPPER.writeValueAsString(value));
    }

    /** Prints a message for the user to standard error. */
    public void note(String text) {
        err.println("hiera: " + text);
        err.flush();
    }

    /** Prints rows under a heading; columns are as wide as their widest cell, and numbers are right-aligned. */
    public void table(List<String> heading, List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(rows);
        all.add(0, heading);
        int columns = heading.size();
        int[] widths = new int[columns];
        boolean[] numeric = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            widths[column] =
                    all.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
            numeric[column] =
                    !rows.isEmpty() && rows.stream().allMatch(row -> row.get(at).matches("[0-9.,]*( ?[GMk%])?"));
        }
        for (List<String> row : all) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String padding = " ".repeat(widths[column] - row.get(column).length());
                text.append(column == 0 ? "" : "  ")
                        .append(numeric[column] ? padding + row.get(column) : row.get(column) + padding);
            }
            line(text.toString().stripTrailing());
        }
    }

    /** Formats a count with grouping: {@code 51,524,968}. */
    public static String grouped(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Formats a rounded count: {@code 9.4 G}, {@code 51.5 M}. */
    public static String rounded(long count) {
        if (count >= 1e9) {
            return String.format(Locale.ROOT, "%.1f G", count / 1e9);
        }
        return count >= 1e6
                ? String.format(Locale.ROOT, "%.1f M", count / 1e6)
                : String.format(Locale.ROOT, "%.1f k", count / 1e3);
    }

    /** Loaded only if JSON is requested, because the mapper costs start-up time. */
    private static final class Json {
        static final JsonMapper MAPPER = JsonMapper.builder().build();
    }
}
