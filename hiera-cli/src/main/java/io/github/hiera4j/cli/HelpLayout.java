package io.github.hiera4j.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;

/** Lays out help text in at most 80 columns: paragraphs are filled, and the synopsis breaks between options only. */
final class HelpLayout {
    private static final int COLUMNS = 80;
    private static final int UNBROKEN_WIDTH = 10_000; // wider than any synopsis

    private HelpLayout() {}

    /** Lays out the help of a command and of all commands below it. */
    static void apply(CommandLine commandLine) {
        commandLine.setUsageHelpWidth(COLUMNS);
        commandLine.setHelpFactory(new Factory());
        fillFooters(commandLine);
    }

    private static void fillFooters(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        List<String> filled = new ArrayList<>();
        List<String> paragraph = new ArrayList<>();
        for (String line : spec.usageMessage().footer()) {
            if (line.isBlank()) {
                filled.addAll(filled(paragraph));
                filled.add(line);
                paragraph.clear();
            } else {
                paragraph.add(line);
            }
        }
        filled.addAll(filled(paragraph));
        spec.usageMessage().footer(filled.toArray(String[]::new));
        commandLine.getSubcommands().values().forEach(HelpLayout::fillFooters);
    }

    /** Leaves paragraphs of short lines unchanged: they may be tables or commands. */
    private static List<String> filled(List<String> paragraph) {
        boolean isProse = paragraph.stream().anyMatch(line -> line.length() > COLUMNS || line.startsWith("--json:"));
        if (!isProse) {
            return List.copyOf(paragraph);
        }
        return wrapped(List.of(String.join(" ", paragraph).split(" ")), COLUMNS, "");
    }

    /** Fills lines of the given width with words; lines after the first are indented. */
    private static List<String> wrapped(List<String> words, int columns, String indentation) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            if (!line.isEmpty() && visible(line.toString()) + 1 + visible(word) > columns) {
                lines.add(line.toString());
                line.setLength(0);
                line.append(indentation);
            } else if (!line.isEmpty()) {
                line.append(' ');
            }
            line.append(word);
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }

    private static int visible(String text) {
        return text.indexOf('\u001b') < 0
                ? text.length()
                : text.replaceAll("\\u001b\\[[\\d;]*m", "").length();
    }

    /** Not a lambda: a lambda that implements an interface compiled for Java 5 keeps this interface out of the class archive. */
    private static final class Factory implements IHelpFactory {
        @Override
        public Help create(CommandSpec spec, ColorScheme colours) {
            return new Synopsis(spec, colours);
        }
    }

    /** A synopsis that never breaks inside the brackets of an option. */
    private static final class Synopsis extends Help {
        Synopsis(CommandSpec spec, ColorScheme colours) {
            super(spec, colours);
        }

        @Override
        public String synopsis(int headingLength) {
            int width = commandSpec().usageMessage().width();
            String whole;
            try {
                commandSpec().usageMessage().width(UNBROKEN_WIDTH);
                whole = super.synopsis(headingLength).strip();
            } finally {
                commandSpec().usageMessage().width(width);
            }
            String name = commandSpec().qualifiedName();
            String indentation = " ".repeat(headingLength + name.length() + 1);
            List<String> parts = parts(whole);
            List<String> lines = wrapped(parts, width - headingLength, indentation.substring(headingLength));
            return String.join(System.lineSeparator() + " ".repeat(headingLength), lines) + System.lineSeparator();
        }

        /** Splits at spaces outside brackets. */
        private static List<String> parts(String synopsis) {
            List<String> parts = new ArrayList<>();
            int depth = 0;
            int start = 0;
            for (int i = 0; i < synopsis.length(); i++) {
                char character = synopsis.charAt(i);
                boolean colour = i > 0 && synopsis.charAt(i - 1) == '\u001b';
                if (character == '[' && !colour) {
                    depth++;
                } else if (character == ']') {
                    depth--;
                } else if (character == ' ' && depth == 0) {
                    parts.add(synopsis.substring(start, i));
                    start = i + 1;
                }
            }
            parts.add(synopsis.substring(start));
            return parts;
        }
    }
}
