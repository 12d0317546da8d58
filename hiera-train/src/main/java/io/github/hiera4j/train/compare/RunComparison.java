package io.github.hiera4j.train.compare;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.Version;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.page.DataTable;
import io.github.hiera4j.train.page.DataTable.Cell;
import io.github.hiera4j.train.page.LineChart;
import io.github.hiera4j.train.page.LineChart.Limits;
import io.github.hiera4j.train.page.LineChart.Series;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.report.Durations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A side-by-side comparison of runs.
 *
 * @param runs two to six
 * @param names short names of the runs, all different
 */
public record RunComparison(List<RunRecord> runs, List<String> names) {
    /** More curves than this in one chart are not distinguishable. */
    public static final int MOST = LineChart.MOST_SERIES;

    /**
     * Compares two to six runs.
     *
     * @param runs two to six runs
     * @return the comparison
     */
    public static RunComparison of(List<RunRecord> runs) {
        check(runs.size() >= 2 && runs.size() <= MOST, "expected 2 to %d runs to compare, got %d", MOST, runs.size());
        List<String> last = runs.stream()
                .map(run ->
                        String.valueOf(run.path().toAbsolutePath().normalize().getFileName()))
                .toList();
        boolean distinct = last.stream().distinct().count() == last.size();
        List<String> whole = runs.stream().map(run -> run.path().toString()).toList();
        boolean paths = whole.stream().distinct().count() == whole.size();
        List<String> numbered = IntStream.range(0, runs.size())
                .mapToObj(number -> (number + 1) + ": " + last.get(number))
                .toList();
        return new RunComparison(runs, distinct ? last : paths ? whole : numbered);
    }

    /** {@return rows by their name, each with one text per run: best figures, speed, then the settings that differ} */
    public Map<String, List<String>> rows() {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        put(rows, "best top-1", run -> run.bestFigure("top1").map(Percent::of));
        put(rows, "best top-5", run -> run.bestFigure("top5").map(Percent::of));
        put(rows, "held-out loss", run -> run.bestFigure("validation_loss").map(RunComparison::number));
        put(rows, "best step", run -> run.bestFigure("step").map(step -> String.format(Locale.ROOT, "%.0f", step)));
        put(
                rows,
                "duration",
                run -> Double.isNaN(run.seconds()) ? Optional.empty() : Optional.of(Durations.text(run.seconds())));
        put(rows, "samples/s", run -> run.speed().map(speed -> String.format(Locale.ROOT, "%.1f", speed)));
        differing()
                .forEach(name -> put(
                        rows, name, run -> Optional.ofNullable(run.settings().get(name))));
        return rows;
    }

    private void put(Map<String, List<String>> rows, String name, Function<RunRecord, Optional<String>> figure) {
        if (runs.stream().anyMatch(run -> figure.apply(run).isPresent())) {
            rows.put(
                    name,
                    runs.stream().map(run -> figure.apply(run).orElse("-")).toList());
        }
    }

    /** {@return the settings that are not the same in all runs} */
    public List<String> differing() {
        List<String> all = new ArrayList<>();
        runs.forEach(run -> run.settings().keySet().stream()
                .filter(name -> !all.contains(name))
                .forEach(all::add));
        all.removeIf(name -> runs.stream()
                        .map(run -> run.settings().getOrDefault(name, "-"))
                        .distinct()
                        .count()
                == 1);
        return all;
    }

    /**
     * Writes one page with the table and the curves of all runs.
     *
     * @param file the file
     */
    public void write(Path file) {
        Page page = new Page("Comparison of " + runs.size() + " runs", "Written by Hiera4j " + Version.NAME);
        page.heading("Best figures and settings that differ");
        List<String> header = new ArrayList<>(List.of(""));
        header.addAll(names);
        DataTable table = new DataTable("Best figures and settings that differ", header);
        rows().forEach((name, values) -> {
            List<Cell> cells = new ArrayList<>(List.of(Cell.of(name)));
            values.forEach(value -> cells.add(Cell.of(value)));
            table.row(cells.toArray(Cell[]::new));
        });
        page.table(table);
        page.heading("Curves");
        page.charts(List.of(
                chart("Held-out accuracy (top-1)", "%", Limits.PERCENT, "top1", 100),
                chart("Held-out loss", "", Limits.NONE, "validation_loss", 1),
                chart("Training loss", "", Limits.NONE, "loss", 1),
                chart("Learning rate", "", Limits.NONE, "learning_rate", 1),
                chart("Speed", "samples/s", Limits.NONE, "samples_per_second", 1)));
        page.write(file);
    }

    private LineChart chart(String title, String unit, Limits limits, String figure, double factor) {
        List<Series> series = IntStream.range(0, runs.size())
                .mapToObj(number -> new Series(
                        names.get(number),
                        runs.get(number).curves().getOrDefault(figure, List.of()).stream()
                                .map(point -> new double[] {point[0], factor * point[1]})
                                .toList()))
                .toList();
        return new LineChart(title, unit, limits, "", series);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
