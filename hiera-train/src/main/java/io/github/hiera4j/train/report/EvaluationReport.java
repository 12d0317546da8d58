package io.github.hiera4j.train.report;

import io.github.hiera4j.model.Version;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.recipe.RecipeSettings;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report of an evaluation without training: figures, confusions, samples with predictions. */
public final class EvaluationReport {
    private static final List<String> SETTINGS = List.of(
            "interpolation", "normalisation", "test_share", "frame_stride", "test_clips", "test_crops", "precision");

    /** The panels for every evaluation; programs may add to a copy of this list. */
    public static final List<ReportPanel> PANELS = List.of(new ClassesPanel(), new SamplesPanel());

    private EvaluationReport() {}

    /**
     * Writes a self-contained page.
     *
     * @param file the file
     * @param title the heading of the page
     * @param subject the subject of the report
     * @param evaluations by heading
     * @param command the command; empty if the command line was not used
     * @param seconds duration of the evaluation
     * @param panels the panels for each evaluation
     */
    public static void write(
            Path file,
            String title,
            ReportSubject subject,
            Map<String, Evaluation> evaluations,
            String command,
            double seconds,
            List<ReportPanel> panels) {
        Page page =
                new Page(title, subject.weights() + " on " + subject.dataset().name());
        Map<String, String> facts = new LinkedHashMap<>();
        evaluations.forEach((heading, evaluation) ->
                accuracies(facts, evaluations.size() == 1 ? "" : heading + ": ", subject, evaluation));
        facts.put("Samples", String.valueOf(subject.dataset().validation().size()));
        facts.put("Classes", String.valueOf(subject.dataset().classNames().size()));
        facts.put("Duration", Durations.text(seconds));
        addOrigin(facts, command);
        page.facts(facts);
        Map<String, String> settings = new LinkedHashMap<>(RecipeSettings.of(subject.recipe()));
        settings.keySet().retainAll(SETTINGS);
        page.details("Pixels, clips and precision", settings);
        evaluations.forEach((heading, evaluation) -> {
            page.heading(heading + ": " + Percent.of(evaluation.top(1)) + " right");
            panels.forEach(panel -> panel.addTo(page, subject.withEvaluation(evaluation)));
        });
        page.write(file);
    }

    private static void accuracies(
            Map<String, String> facts, String prefix, ReportSubject subject, Evaluation evaluation) {
        facts.put(prefix + "Top-1", Percent.of(evaluation.top(1)));
        if (subject.dataset().classNames().size() > 5) {
            facts.put(prefix + "Top-5", Percent.of(evaluation.top(5)));
        }
    }

    /**
     * Adds date, version and, unless it is empty, the command.
     *
     * @param facts text by name
     * @param command the command
     */
    public static void addOrigin(Map<String, String> facts, String command) {
        facts.put(
                "Date",
                LocalDateTime.now(ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.MINUTES)
                        .toString()
                        .replace('T', ' '));
        facts.put("Version", Version.NAME);
        if (!command.isEmpty()) {
            facts.put("Command", command);
        }
    }
}
