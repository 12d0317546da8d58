package io.github.hiera4j.cli.train;

import io.github.hiera4j.train.compare.RunComparison;
import io.github.hiera4j.train.compare.RunRecord;
import io.github.hiera4j.train.report.TextFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Shows the settings that differ between runs, and their results. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Compare training runs: settings that differ, best figures, speed.",
        footer = {
            "",
            "--json prints one object per run: run, seconds, samplesPerSecond,",
            "best (step, top1 and top5 from 0 to 1, validation_loss), settings."
        })
public final class CompareCommand implements Runnable {
    private static final int COLUMNS = 80;
    private static final int NAME = 20;
    private static final int NARROWEST = 18;

    @Parameters(arity = "2..*", paramLabel = "RUN", description = "Run directories.")
    List<Path> runs = List.of();

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Write compare.html to this directory, with the table and all curves.")
    @Nullable
    Path out;

    @Option(names = "--json", description = "Print one JSON object per line.")
    boolean json;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        if (runs.size() > RunComparison.MOST) {
            throw new ParameterException(
                    spec.commandLine(), "expected 2 to " + RunComparison.MOST + " runs, got " + runs.size());
        }
        RunComparison comparison =
                RunComparison.of(runs.stream().map(RunRecord::read).toList());
        PrintWriter print = spec.commandLine().getOut();
        if (json) {
            comparison.runs().forEach(run -> print.println(JsonMapper.shared().writeValueAsString(object(run))));
        } else {
            table(comparison).forEach(print::println);
        }
        print.flush();
        if (out != null) {
            TextFile.makeDirectory(out);
            Path page = out.resolve("compare.html");
            comparison.write(page);
            PrintWriter err = spec.commandLine().getErr();
            err.println("report: " + page);
            err.flush();
        }
    }

    private static Map<String, Object> object(RunRecord run) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("run", run.path().toString());
        if (!Double.isNaN(run.seconds())) {
            object.put("seconds", run.seconds());
        }
        run.speed().ifPresent(speed -> object.put("samplesPerSecond", speed));
        object.put("best", run.best());
        object.put("settings", run.settings());
        return object;
    }

    /** Returns lines with as many runs side by side as fit into 80 columns, followed by the remaining runs below. */
    private static List<String> table(RunComparison comparison) {
        int runs = comparison.runs().size();
        int beside = Math.min(runs, (COLUMNS - NAME) / NARROWEST);
        int width = (COLUMNS - NAME) / beside;
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < runs; from += beside) {
            int first = from;
            int last = Math.min(runs, from + beside);
            if (from > 0) {
                lines.add("");
            }
            lines.add(line("", comparison.names().subList(first, last), width));
            comparison.rows().forEach((name, values) -> lines.add(line(name, values.subList(first, last), width)));
        }
        return lines;
    }

    private static String line(String name, List<String> values, int width) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + NAME + "s", name));
        IntStream.range(0, values.size())
                .forEach(i -> line.append(
                        String.format(Locale.ROOT, "%-" + width + "s", shortened(values.get(i), width - 1))));
        return line.toString().stripTrailing();
    }

    /** Shortens a path to its end, which is more specific than its beginning. */
    private static String shortened(String text, int width) {
        return text.length() <= width ? text : "…" + text.substring(text.length() - width + 1);
    }
}
