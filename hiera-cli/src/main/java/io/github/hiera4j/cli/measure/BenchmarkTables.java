package io.github.hiera4j.cli.measure;

import io.github.hiera4j.bench.BenchmarkCase;
import io.github.hiera4j.bench.BenchmarkResult;
import io.github.hiera4j.bench.Machine;
import io.github.hiera4j.bench.Profile;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.train.run.StepBenchmark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables of {@code hiera benchmark}. */
final class BenchmarkTables {
    private BenchmarkTables() {}

    /** Prints the machine, then a row for each case. */
    static void print(List<BenchmarkResult> results, Output output) {
        Machine.current().description().forEach(output::line);
        output.line("");
        List<List<String>> rows = new ArrayList<>();
        for (BenchmarkResult result : results) {
            rows.add(List.of(
                    result.model(),
                    result.backend(),
                    result.dtype(),
                    String.valueOf(result.batch()),
                    number(result.time().median()) + " ±"
                            + number((result.time().upperQuartile()
                                            - result.time().lowerQuartile())
                                    / 2),
                    number(result.samplesPerSecond()),
                    number(result.gflops()),
                    Math.round(100 * result.peakFraction()) + " %",
                    number(result.nativeMegabytes())));
        }
        output.table(List.of("model", "backend", "dtype", "n", "ms", "n/s", "GFLOP/s", "peak", "MB"), rows);
    }

    /** Prints the time of a case by operation and by part of the network. */
    static void print(BenchmarkCase measured, Profile profile, boolean json, Output output) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("model", measured.model());
            line.put("dtype", measured.options().dtype().toString());
            line.put("batch", measured.batch());
            line.put("profile", profile);
            output.json(line);
            return;
        }
        output.line(measured.model() + " " + measured.options().dtype() + " batch " + measured.batch());
        output.table(List.of("operation", "steps", "ms", "share", "GFLOP/s"), rows(profile, profile.kinds()));
        output.line("");
        output.table(List.of("part", "steps", "ms", "share", "GFLOP/s"), rows(profile, profile.stages()));
        output.line("");
    }

    private static List<List<String>> rows(Profile profile, List<Profile.Entry> entries) {
        List<List<String>> rows = new ArrayList<>();
        for (Profile.Entry entry : entries) {
            rows.add(List.of(
                    entry.name(),
                    String.valueOf(entry.steps()),
                    number(entry.milliseconds()),
                    Math.round(100 * entry.milliseconds() / profile.totalMilliseconds()) + " %",
                    entry.gflops() == 0 ? "" : number(entry.gflops())));
        }
        return rows;
    }

    /** Formats a value with about three significant digits. */
    static String number(double value) {
        String pattern = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, pattern, value);
    }

    /** Returns a row for each part, and one for the remaining time of the whole step. */
    static List<List<String>> stepRows(StepBenchmark.Result result) {
        double whole = result.time().median();
        List<List<String>> rows = new ArrayList<>();
        result.profile().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(entry -> rows.add(profileRow(entry.getKey(), entry.getValue(), whole)));
        double named = result.profile().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(StepBenchmark.WHOLE_EXCHANGE))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        rows.add(profileRow("remainder", Math.max(0, whole - named), whole));
        rows.add(profileRow("step", whole, whole));
        return rows;
    }

    private static List<String> profileRow(String name, double milliseconds, double whole) {
        return List.of(name, number(milliseconds), Math.round(100 * milliseconds / whole) + " %");
    }
}
