package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.evaluate.BatchPlans;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.RecipeSettings;
import io.github.hiera4j.train.report.ClassesPanel;
import io.github.hiera4j.train.report.CurvesPanel;
import io.github.hiera4j.train.report.Durations;
import io.github.hiera4j.train.report.EvaluationReport;
import io.github.hiera4j.train.report.ReconstructionStripPanel;
import io.github.hiera4j.train.report.ReconstructionsPanel;
import io.github.hiera4j.train.report.ReportPanel;
import io.github.hiera4j.train.report.ReportSubject;
import io.github.hiera4j.train.report.SamplesPanel;
import io.github.hiera4j.train.report.TextFile;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Renders two data sets, pretrains, fine-tunes, trains the same model from scratch for comparison, evaluates and reports.
 *
 * <p>The report compares the result with simple methods and with the network without pretraining.
 */
public final class Quickstart {
    /** Pictures at 2e-3 stay at chance from random weights, at 5e-4 they are learned. */
    private static final double FASTEST_FROM_SCRATCH = 1e-3;

    private static final long SEED = 1;
    private static final String PRETRAINED = "pretrained";

    private final Path root;
    private final QuickstartPlan plan;
    private final Progress progress;
    private final StopSignal stop;
    private final List<ReportPanel> panels = new ArrayList<>();

    /**
     * Prepares a quickstart; nothing is written yet.
     *
     * @param root directory for data, weights and the report
     * @param plan numbers of samples and epochs
     * @param progress receives figures and notes
     * @param stop requests an early end
     */
    public Quickstart(Path root, QuickstartPlan plan, Progress progress, StopSignal stop) {
        this.root = root;
        this.plan = plan;
        this.progress = progress;
        this.stop = stop;
    }

    /**
     * Adds a section about every fine-tuned model to the quickstart's report and to the report of the training.
     *
     * @param panel the section
     * @return this quickstart
     */
    public Quickstart panel(ReportPanel panel) {
        panels.add(panel);
        return this;
    }

    /**
     * The results of a quickstart.
     *
     * @param results held-out accuracies, pictures first
     * @param report the page that shows them
     */
    public record Summary(List<Result> results, Path report, double seconds) {}

    /**
     * The accuracies on one data set.
     *
     * @param model the fine-tuned model
     * @param example a held-out file
     */
    public record Result(
            String name,
            double pretrained,
            double scratch,
            double colours,
            double linear,
            double chance,
            Path model,
            Path example) {}

    /**
     * Renders data, trains and writes the reports.
     *
     * @return accuracies and times
     */
    public Summary run() {
        long start = System.nanoTime();
        TextFile.makeDirectory(root);
        progress.note("rendering " + plan.pictures() + " pictures and " + plan.clips() + " clips");
        Path pictures = root.resolve("data/pictures");
        RenderedData.pictures(pictures, plan.pictures(), SEED);
        Path clips = root.resolve("data/clips");
        RenderedData.clips(clips, plan.clips(), SEED + 2);
        Page details = Page.piece();
        List<Result> results = List.of(
                learn("pictures", pictures, plan.pictureMae(), plan.pictureTune(), details),
                learn("clips", clips, plan.clipMae(), plan.clipTune(), details));
        double seconds = (System.nanoTime() - start) / 1e9;
        Path report = root.resolve("report.html");
        writeReport(report, results, seconds, details);
        return new Summary(results, report, seconds);
    }

    private void writeReport(Path report, List<Result> results, double seconds, Page details) {
        Page page = new Page(
                "Hiera quickstart", "Rendered data, trained here; every figure is measured on held-out samples");
        Map<String, String> facts = new LinkedHashMap<>();
        results.forEach(result -> facts.put("Top-1, " + result.name(), Percent.of(result.pretrained())));
        facts.put("Training samples", plan.pictures() + " + " + plan.clips());
        facts.put("Held-out samples", plan.pictures() / 5 + " + " + plan.clips() / 5);
        facts.put("Duration", Durations.text(seconds));
        EvaluationReport.addOrigin(facts, "");
        page.facts(facts);
        page.heading("Accuracy on held-out samples");
        for (Result result : results) {
            page.subheading(result.name());
            Map<String, Double> shares = new LinkedHashMap<>();
            shares.put(PRETRAINED, result.pretrained());
            shares.put("from scratch", result.scratch());
            shares.put("linear on pixels", result.linear());
            shares.put("colour histogram", result.colours());
            shares.put("chance", result.chance());
            page.bars("Accuracy on " + result.name() + " by method", shares, PRETRAINED);
        }
        page.paragraph(
                "Pretrained and from scratch: the same network, trained with labels for as many steps, once from a"
                        + " pretrained masked autoencoder, once from random weights with their own learning rate. Linear on pixels and colour histogram:"
                        + " softmax regression on one frame, the middle one of a clip.");
        page.append(details);
        page.write(report);
    }

    private Result learn(String name, Path data, Recipe mae, Recipe tune, Page page) {
        Dataset dataset = Datasets.open(data);
        progress.note("pretraining a masked autoencoder on " + dataset.name());
        Path pretraining = root.resolve(name + "-pretrained");
        train(mae, data, null, pretraining);
        page.heading("Pretraining on " + name);
        MaeObjective autoencoder = new MaeObjective(mae.model());
        ReportSubject pretrained = new ReportSubject(
                mae,
                autoencoder.encoder(),
                dataset,
                pretraining.resolve("model"),
                Optional.of(pretraining),
                Optional.empty());
        List.of(new CurvesPanel(), new ReconstructionsPanel(), new ReconstructionStripPanel())
                .forEach(panel -> panel.addTo(page, pretrained));
        page.details("Recipe of the pretraining", RecipeSettings.of(mae));

        progress.note(name + ": fine-tuning");
        Path model = root.resolve(name);
        Evaluation fine = train(tune, data, pretraining.resolve("model"), model).orElseThrow();
        page.heading("Fine-tuning on " + name + ": " + Percent.of(fine.top(1)) + " right");
        HieraConfig encoder = new ClassifyObjective(
                        tune.model(),
                        tune.augmentation().mixing(),
                        dataset.classNames().size())
                .encoder();
        ReportSubject tuned = new ReportSubject(
                tune, encoder, dataset, model.resolve("model"), Optional.of(model), Optional.of(fine));
        List.of(new CurvesPanel(), new ClassesPanel(), new SamplesPanel()).forEach(panel -> panel.addTo(page, tuned));
        panels.forEach(panel -> panel.addTo(page, tuned));
        page.details("Recipe of the fine-tuning", RecipeSettings.of(tune));

        progress.note(name + ": training the same network from scratch");
        Evaluation scratch = train(fromScratch(tune), data, null, root.resolve(name + "-scratch"))
                .orElseThrow();
        return compare(name, dataset, tune, model, fine, scratch);
    }

    /** Returns the settings with which random weights learn: equal rates in all layers, and none that keeps them at chance. */
    private static Recipe fromScratch(Recipe tune) {
        Recipe equal = tune.with("layer_decay", "1");
        return tune.optimisation().learningRate() > FASTEST_FROM_SCRATCH ? equal.with("learning_rate", "5e-4") : equal;
    }

    private Result compare(String name, Dataset dataset, Recipe tune, Path model, Evaluation fine, Evaluation scratch) {
        progress.note(name + ": measuring simple methods for comparison");
        ClipSampler sampler = BatchPlans.sampler(
                tune.data(),
                new ClassifyObjective(tune.model(), tune.augmentation().mixing(), 1).encoder());
        ClipChoice clip = ClipChoice.uniform(sampler, 0);
        int classes = dataset.classNames().size();
        double colours =
                Baselines.accuracy(dataset.train(), dataset.validation(), classes, clip, Baselines::colourHistogram);
        double linear = Baselines.accuracy(dataset.train(), dataset.validation(), classes, clip, Baselines::pixels);
        return new Result(
                name,
                fine.top(1),
                scratch.top(1),
                colours,
                linear,
                1.0 / classes,
                model.resolve("model"),
                Path.of(dataset.validation().name(0)));
    }

    /** Trains a complete run with manifest and report; an earlier run in the same directory is replaced. */
    private Optional<Evaluation> train(Recipe recipe, Path data, @Nullable Path from, Path out) {
        Trainer trainer = Trainer.of(recipe)
                .data(data)
                .out(out)
                .existing(Trainer.Existing.OVERWRITE)
                .progress(progress)
                .stop(stop)
                .command("quickstart");
        if (recipe.task() == Recipe.Task.CLASSIFY) {
            panels.forEach(trainer::panel);
        }
        if (from != null) {
            trainer.start(from);
        }
        Trainer.Result result = trainer.run();
        if (!result.outcome().complete()) {
            throw new OperationInterruptedException(
                    "stopped after step " + result.outcome().steps() + " of " + out);
        }
        return result.outcome().evaluation();
    }
}
