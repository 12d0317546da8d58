package io.github.hiera4j.cli;

import io.github.hiera4j.model.io.Spelling;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;

/** Finds the option or command that a misspelt word most likely means. */
final class Suggestions {
    private Suggestions() {}

    /** Describes the first unknown option among the arguments of a command; empty if all are known. */
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

    /** Searches the options of all commands for an option that comes before the command or without one. */
    private static String unknownOption(String name, CommandSpec reader, CommandSpec command) {
        String unknown = "unknown option '" + shortened(name) + "'";
        String meant = Spelling.suggestion(name, reader.optionsMap().keySet());
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
                ? "option '" + name + "' comes before the command" + after
                : unknown
                        + Spelling.suggestion(name, known)
                        + (Spelling.suggestion(name, known).isEmpty() ? "" : after);
    }

    /** Describes an unknown word where a command was expected. */
    static String unknownCommand(CommandSpec parent, String word) {
        return "unknown command '" + shortened(word) + "'"
                + Spelling.suggestion(word, parent.subcommands().keySet());
    }

    private static String shortened(String word) {
        String printable = word.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= 40 ? printable : printable.substring(0, 40) + "…";
    }
}
