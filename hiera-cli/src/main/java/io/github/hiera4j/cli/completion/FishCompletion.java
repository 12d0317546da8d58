package io.github.hiera4j.cli.completion;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for the fish shell, from the model of the commands. */
final class FishCompletion {
    private FishCompletion() {}

    /** A script of {@code complete} lines. */
    static String script(CommandSpec root) {
        List<String> lines = new ArrayList<>();
        String name = root.name();
        root.subcommands().forEach((word, command) -> {
            lines.add("complete -c " + name + " -f -n __fish_use_subcommand -a " + word + " -d "
                    + quoted(description(command)));
            command.getCommandSpec().options().stream()
                    .filter(option -> !option.hidden())
                    .forEach(option -> lines.add(option(name, word, option)));
        });
        return String.join("\n", lines) + "\n";
    }

    private static String option(String root, String command, OptionSpec option) {
        StringBuilder line =
                new StringBuilder("complete -c " + root + " -n '__fish_seen_subcommand_from " + command + "'");
        for (String name : option.names()) {
            line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            line.append(" -r");
        }
        String[] description = option.description();
        return description.length == 0 ? line.toString() : line + " -d " + quoted(firstSentence(description[0]));
    }

    private static String description(CommandLine command) {
        String[] description = command.getCommandSpec().usageMessage().description();
        return description.length == 0 ? "" : firstSentence(description[0]);
    }

    private static String firstSentence(String text) {
        int end = text.indexOf(". ");
        return (end < 0 ? text : text.substring(0, end))
                .replaceAll("\\$\\{[^}]*}", "")
                .replace("\n", " ");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
