package io.github.hiera4j.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;

/** Finds the option or command that a misspelt word most likely means. */
final class Suggestions {
    private Suggestions() {}

    /** What is wrong with the first unknown option among the arguments of a command; empty if all are known. */
    static Optional<String> unknownOption(CommandSpec command, String[] arguments) {
        int from = 0;
        for (int i = 0; i < arguments.length; i++) {
            from = arguments[i].equals(command.name()) && from == 0 ? i + 1 : from;
        }
        for (int i = 0; i < arguments.length && !arguments[i].equals("--"); i++) {
            CommandSpec reader = i < from ? command.root() : command;
            String name = arguments[i].split("=", 2)[0];
            if (name.startsWith("--") && !reader.optionsMap().containsKey(name)) {
                return Optional.of(unknownOption(name, reader, command));
            }
        }
        return Optional.empty();
    }

    /** An option that stands before the command, or without one, is looked for among the options of the commands. */
    private static String unknownOption(String name, CommandSpec reader, CommandSpec command) {
        String unknown = "unknown option '" + shortened(name) + "'";
        String meant = nearest(name, reader.optionsMap().keySet());
        if (!meant.isEmpty() || reader.subcommands().isEmpty()) {
            return unknown + meant;
        }
        Set<String> known = new TreeSet<>(command.optionsMap().keySet());
        if (reader == command) {
            reader.subcommands()
                    .values()
                    .forEach(sub ->
                            known.addAll(sub.getCommandSpec().optionsMap().keySet()));
        }
        String after = " (options follow the command)";
        return known.contains(name)
                ? "option '" + name + "' stands before the command" + after
                : unknown + nearest(name, known) + (nearest(name, known).isEmpty() ? "" : after);
    }

    /** What is wrong with a word where a command was expected. */
    static String unknownCommand(CommandSpec parent, String word) {
        return "unknown command '" + shortened(word) + "'"
                + nearest(word, parent.subcommands().keySet());
    }

    private static String shortened(String word) {
        String printable = word.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= 40 ? printable : printable.substring(0, 40) + "…";
    }

    private static String nearest(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse("");
    }

    /** Insertions, deletions, replacements and swaps of neighbours between two words (Damerau and Levenshtein). */
    static int distance(String a, String b) {
        if (a.length() > 2 * b.length() + 2) {
            return a.length();
        }
        int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                int replaced = table[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                table[i][j] = Math.min(replaced, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    table[i][j] = Math.min(table[i][j], table[i - 2][j - 2] + 1);
                }
            }
        }
        return table[a.length()][b.length()];
    }
}
