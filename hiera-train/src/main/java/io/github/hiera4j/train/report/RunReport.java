package io.github.hiera4j.train.report;

import io.github.hiera4j.train.metrics.Metrics;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The report of a training run: result, curves, confusions, samples with predictions. */
public final class RunReport {
    private RunReport() {}

    /** {@return the sections of every report; each is shown only if the run has content for it} */
    public static List<ReportPanel> standardPanels() {
        return List.of(
                new CurvesPanel(),
                new ReconstructionsPanel(),
                new ReconstructionStripPanel(),
                new ClassesPanel(),
                new SamplesPanel());
    }

    /**
     * Writes a self-contained page.
     *
     * @param file the file
     * @param subject a run
     * @param recipeName the name of the recipe, from which settings may differ; not shown if empty
     * @param command the command
     * @param panels the sections after the headline
     */
    public static void write(
            Path file, ReportSubject subject, String recipeName, String command, List<ReportPanel> panels) {
        Page page = new Page(
                "Training report",
                subject.recipe().model().name() + " on " + subject.dataset().name());
        page.facts(facts(subject, recipeName, command));
        page.details("Recipe", RecipeSettings.of(subject.recipe()));
        panels.forEach(panel -> panel.addTo(page, subject));
        page.write(file);
    }

    private static Map<String, String> facts(ReportSubject subject, String recipeName, String command) {
        Path run = subject.run().orElseThrow();
        int classes = subject.dataset().classNames().size();
        Map<String, Double> best = Metrics.best(run);
        Map<String, String> facts = new LinkedHashMap<>();
        Double top1 = best.get("top1");
        if (top1 != null) {
            facts.put("Best top-1", Percent.of(top1));
            if (classes > 5) {
                facts.put("Best top-5", Percent.of(best.getOrDefault("top5", 0.0)));
            }
        } else if (best.containsKey("validation_loss")) {
            facts.put("Best held-out loss", String.format(Locale.ROOT, "%.4g", best.get("validation_loss")));
        }
        if (best.containsKey("step")) {
            facts.put("Best step", String.format(Locale.ROOT, "%.0f", best.get("step")));
        }
        Map<String, List<double[]>> figures = Metrics.read(run);
        List<double[]> seconds = figures.getOrDefault("seconds", List.of());
        facts.put(
                "Held-out samples",
                String.valueOf(subject.dataset().validation().size()));
        facts.put("Training samples", String.valueOf(subject.dataset().train().size()));
        if (!seconds.isEmpty()) {
            double[] last = seconds.get(seconds.size() - 1);
            facts.put("Steps", String.format(Locale.ROOT, "%.0f", last[0]));
            facts.put("Duration", Durations.text(last[1]));
        }
        if (!recipeName.isEmpty()) {
            facts.put("Recipe", recipeName);
        }
        EvaluationReport.addOrigin(facts, command);
        return facts;
    }
}
