package io.github.hiera4j.cli.completion;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for the fish shell, from the model of the commands. */
final class FishCompletion {
    private FishCompletion() {}

    /** Returns a script of {@code complete} lines. */
    static String script(CommandSpec root) {
        List<String> lines = new ArrayList<>();
        String name = root.name();
        root.subcommands().forEach((word, command) -> {
            CommandSpec spec = command.getCommandSpec();
            lines.add(word(name, "__fish_use_subcommand", word, command));
            String seen = seen(word);
            String words = String.join(" ", spec.subcommands().keySet());
            String open = words.isEmpty() ? seen : seen + "; and not " + seen(words);
            addOptions(lines, name, open, spec);
            spec.subcommands().forEach((inner, innerCommand) -> {
                lines.add(word(name, open, inner, innerCommand));
                addOptions(lines, name, seen + "; and " + seen(inner), innerCommand.getCommandSpec());
            });
        });
        return String.join("\n", lines) + "\n";
    }

    private static String seen(String words) {
        return "__fish_seen_subcommand_from " + words;
    }

    private static String word(String root, String condition, String word, CommandLine command) {
        return "complete -c " + root + " -f -n '" + condition + "' -a " + word + " -d " + quoted(description(command));
    }

    private static void addOptions(List<String> lines, String root, String condition, CommandSpec command) {
        command.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> lines.add(option(root, condition, option)));
    }

    private static String option(String root, String condition, OptionSpec option) {
        StringBuilder line = new StringBuilder("complete -c " + root + " -n '" + condition + "'");
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
