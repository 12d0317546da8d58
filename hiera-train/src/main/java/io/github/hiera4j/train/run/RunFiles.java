package io.github.hiera4j.train.run;

import io.github.hiera4j.model.FileFault;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.Version;
import io.github.hiera4j.torch.train.FrozenWeights;
import io.github.hiera4j.torch.train.TorchTrainer;
import io.github.hiera4j.train.data.Batch;
import io.github.hiera4j.train.data.BatchLoader;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.EpochOrder;
import io.github.hiera4j.train.evaluate.Loading;
import io.github.hiera4j.train.metrics.ReportSection;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.recipe.DataSettings;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.report.Html;
import io.github.hiera4j.train.report.JudgeReport;
import io.github.hiera4j.train.report.RunReport;
import io.github.hiera4j.train.report.Triptych;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The files about a run: what it was, and what came out. */
public final class RunFiles {
    private static final int PAINTED = 8;
    private static final int SECTION_WIDTH = 380;

    private RunFiles() {}

    /**
     * Writes {@code manifest.json}: command, recipe, data and versions, enough to run it again.
     *
     * @param data the directory of the data; empty if they are not in one
     */
    public static void writeManifest(
            RunDirectory directory, Recipe recipe, Dataset dataset, Optional<Path> data, String command) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("command", command);
        manifest.put("recipe", RecipeSettings.of(recipe));
        manifest.put("data", dataset.name());
        data.ifPresent(path ->
                manifest.put("data_path", path.toAbsolutePath().normalize().toString()));
        manifest.put("data_fingerprint", dataset.fingerprint());
        manifest.put("training_samples", dataset.train().size());
        manifest.put("held_out_samples", dataset.validation().size());
        manifest.put("classes", dataset.classNames());
        manifest.put("hiera4j", Version.NAME);
        manifest.put("libtorch", TorchTrainer.libraryVersion());
        manifest.put("java", System.getProperty("java.version"));
        manifest.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        manifest.put("processors", Runtime.getRuntime().availableProcessors());
        Path file = directory.file("manifest.json");
        Path temporary = directory.file(".manifest.json.tmp");
        try {
            Files.writeString(
                    temporary,
                    JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(manifest) + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HieraException(file + ": cannot be written: " + FileFault.reason(e), e);
        }
    }

    /** Writes {@code report.html}. */
    public static Path writeReport(
            RunDirectory directory,
            Recipe recipe,
            Dataset dataset,
            Objective objective,
            TrainingRun run,
            TrainingRun.Outcome outcome) {
        Html page = new Html("Training report", recipe.model().name() + " on " + dataset.name());
        page.heading("Curves");
        RunReport.curves(page, directory.root());
        if (objective instanceof MaeObjective mae && dataset.validation().size() > 0) {
            page.heading("Masked, reconstructed, original");
            reconstructions(page, recipe.data(), dataset, mae, run);
        }
        outcome.evaluation().ifPresent(evaluation -> {
            page.heading("Validation samples: " + RunReport.percent(evaluation.top(1)) + " right");
            JudgeReport.judged(page, dataset, recipe, objective.encoder(), evaluation);
        });
        outcome.sections().forEach(section -> section(page, section));
        page.details(
                "The recipe",
                RecipeSettings.of(recipe).entrySet().stream()
                        .map(setting -> List.of(setting.getKey(), setting.getValue()))
                        .toList());
        Path report = directory.file("report.html");
        page.write(report);
        return report;
    }

    /** Writes a section. */
    public static void section(Html page, ReportSection section) {
        page.heading(section.heading());
        page.paragraph(section.text());
        if (!section.header().isEmpty()) {
            page.table(section.header(), section.rows());
        }
        section.pictures().forEach(picture -> page.picture(picture, SECTION_WIDTH, "", false));
    }

    /** Reconstructions of held-out samples. */
    public static void reconstructions(
            Html page, DataSettings data, Dataset dataset, MaeObjective mae, TrainingRun run) {
        int count = Math.min(PAINTED, dataset.validation().size());
        BatchLoader.Plan plan = Loading.test(data.withBatchSize(count), mae.encoder(), dataset.validation());
        try (BatchLoader loader = new BatchLoader(1);
                FrozenWeights weights = run.trainer().freeze(true)) {
            Batch batch = loader.epoch(
                            plan, EpochOrder.spread(count, dataset.validation().size()), 0, 0, 0)
                    .next();
            new Triptych(mae.autoencoder(), mae.maskRatio(), data.pixelNormalisation())
                    .reconstruct(weights, batch.pixels())
                    .forEach(strip -> page.picture(strip, 440, "masked, reconstructed, original", false));
        }
    }
}
