package io.github.hiera4j.train.report;

import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.page.LineChart;
import io.github.hiera4j.train.page.LineChart.Limits;
import io.github.hiera4j.train.page.LineChart.Series;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The figures of a run over its steps: one chart for each quantity. */
public final class CurvesPanel implements ReportPanel {
    private static final int FEW_CLASSES = 5; // with so few classes, top-5 is always 100 %

    private static final String PART = "loss_"; // prefix of the names of an objective's loss terms

    private static final Set<String> KNOWN = Set.of(
            "loss",
            "validation_loss",
            "top1",
            "top5",
            "learning_rate",
            "gradient_norm",
            "samples_per_second",
            "epoch",
            "seconds");

    @Override
    public void addTo(Page page, ReportSubject subject) {
        subject.run().ifPresent(run -> {
            page.subheading("Curves");
            page.charts(charts(run, classes(subject)));
        });
    }

    private static int classes(ReportSubject subject) {
        return subject.recipe().task() == Recipe.Task.CLASSIFY
                ? subject.dataset().classNames().size()
                : 0;
    }

    /**
     * Returns charts of the loss, accuracy, learning rate, gradient norm and speed of a run, and of everything else it logged.
     *
     * @param run its directory
     * @param classes number of classes; 0 for a model that does not classify
     * @return the charts
     */
    public static List<LineChart> charts(Path run, int classes) {
        Map<String, List<double[]>> figures = Metrics.read(run);
        boolean both = figures.containsKey("loss") && figures.containsKey("validation_loss");
        String note = both && classes > 0
                ? "Training loss includes augmentation, mixing and label smoothing; held-out loss does not."
                : "";
        List<Series> accuracies = classes > FEW_CLASSES
                ? List.of(percent(figures, "top1", "top-1"), percent(figures, "top5", "top-5"))
                : List.of(percent(figures, "top1", "top-1"));
        List<LineChart> charts = new ArrayList<>(List.of(
                new LineChart(
                        "Loss",
                        "",
                        Limits.NONE,
                        note,
                        List.of(
                                series(figures, "loss", "training"),
                                series(figures, "validation_loss", "held-out samples"))),
                new LineChart(
                        classes > FEW_CLASSES ? "Held-out accuracy" : "Held-out accuracy (top-1)",
                        "%",
                        Limits.PERCENT,
                        "",
                        accuracies),
                single(figures, "learning_rate", "Learning rate", ""),
                single(figures, "gradient_norm", "Gradient norm", ""),
                single(figures, "samples_per_second", "Speed", "samples/s")));
        charts.addAll(ofObjective(figures));
        return charts;
    }

    /** Adds charts of the objective's figures: one for all fractions, one for all loss terms, and one for every other figure. */
    private static List<LineChart> ofObjective(Map<String, List<double[]>> figures) {
        List<Series> shares = new ArrayList<>();
        List<Series> parts = new ArrayList<>();
        List<LineChart> others = new ArrayList<>();
        for (Map.Entry<String, List<double[]>> figure : figures.entrySet()) {
            String name = figure.getKey();
            if (KNOWN.contains(name)) {
                continue;
            }
            if (Percent.isShare(name) && shares.size() < LineChart.MOST_SERIES) {
                shares.add(percent(figures, name, Percent.title(name)));
            } else if (name.startsWith(PART) && parts.size() < LineChart.MOST_SERIES) {
                parts.add(series(figures, name, name.substring(PART.length()).replace('_', ' ')));
            } else if (figure.getValue().size() > 1) { // a single value is no curve
                others.add(new LineChart(name, "", Limits.NONE, "", List.of(series(figures, name, name))));
            }
        }
        List<LineChart> charts = new ArrayList<>();
        charts.add(new LineChart("Held-out precision", "%", Limits.PERCENT, "", shares));
        charts.add(new LineChart("Parts of the loss", "", Limits.NONE, "", parts));
        charts.addAll(others);
        return charts;
    }

    private static LineChart single(Map<String, List<double[]>> figures, String name, String title, String unit) {
        Limits limits = new Limits(0, Double.POSITIVE_INFINITY);
        return new LineChart(title, unit, limits, "", List.of(series(figures, name, title)));
    }

    private static Series series(Map<String, List<double[]>> figures, String name, String label) {
        return new Series(label, figures.getOrDefault(name, List.of()));
    }

    private static Series percent(Map<String, List<double[]>> figures, String name, String label) {
        return new Series(
                label,
                figures.getOrDefault(name, List.of()).stream()
                        .map(point -> new double[] {point[0], 100 * point[1]})
                        .toList());
    }
}
