package io.github.hiera4j.train.quickstart;

import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.data.ClipChoice;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.evaluate.Loading;
import io.github.hiera4j.train.metrics.Evaluation;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.objective.ClassifyObjective;
import io.github.hiera4j.train.objective.MaeObjective;
import io.github.hiera4j.train.objective.Objective;
import io.github.hiera4j.train.optimize.Initialization;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.report.Html;
import io.github.hiera4j.train.report.JudgeReport;
import io.github.hiera4j.train.report.RunReport;
import io.github.hiera4j.train.run.RunDirectory;
import io.github.hiera4j.train.run.RunFiles;
import io.github.hiera4j.train.run.StartWeights;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.TrainingRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Renders two data sets, pretrains, fine-tunes, trains the same from scratch for comparison, evaluates and reports.
 *
 * <p>Nothing is hidden: the accuracies of simple methods and of the network without pretraining stand beside the result.
 */
public final class Quickstart {
    private static final long SEED = 1;

    private final Path root;
    private final QuickstartPlan plan;
    private final Progress progress;
    private final StopSignal stop;

    /** @param root directory for data, weights and the report */
    public Quickstart(Path root, QuickstartPlan plan, Progress progress, StopSignal stop) {
        this.root = root;
        this.plan = plan;
        this.progress = progress;
        this.stop = stop;
    }

    /**
     * What came out.
     *
     * @param results held-out accuracies, pictures first
     * @param report the page that shows them
     */
    public record Summary(List<Result> results, Path report, double seconds) {}

    /**
     * The accuracies on one data set.
     *
     * @param model the fine-tuned one
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

    public Summary run() {
        long start = System.nanoTime();
        RunDirectory.open(root);
        progress.note("rendering " + plan.pictures() + " pictures and " + plan.clips() + " clips");
        Path pictures = root.resolve("data/pictures");
        ShapePictures.write(pictures.resolve("train"), plan.pictures(), SEED);
        ShapePictures.write(pictures.resolve("val"), plan.pictures() / 5, SEED + 1);
        Path clips = root.resolve("data/clips");
        MotionClips.write(clips.resolve("train"), plan.clips(), SEED + 2);
        MotionClips.write(clips.resolve("val"), plan.clips() / 5, SEED + 3);
        Html details = Html.piece();
        List<Result> results = List.of(
                learn("pictures", pictures, plan.pictureMae(), plan.pictureTune(), details),
                learn("clips", clips, plan.clipMae(), plan.clipTune(), details));
        double seconds = (System.nanoTime() - start) / 1e9;
        Path report = root.resolve("report.html");
        writeReport(report, results, seconds, details);
        return new Summary(results, report, seconds);
    }

    private void writeReport(Path report, List<Result> results, double seconds, Html details) {
        Html page =
                new Html("Hiera quickstart", "rendered data, trained here, every figure measured on held-out files");
        page.heading("Held-out files named rightly");
        page.table(
                List.of("data", "pretrained", "from scratch", "linear on pixels", "colour histogram", "chance"),
                results.stream()
                        .map(result -> List.of(
                                result.name(),
                                RunReport.percent(result.pretrained()),
                                RunReport.percent(result.scratch()),
                                RunReport.percent(result.linear()),
                                RunReport.percent(result.colours()),
                                RunReport.percent(result.chance())))
                        .toList());
        page.paragraph(
                "Pretrained and from scratch: the same network, fine-tuned for as many steps with the same recipe, once"
                        + " after a masked autoencoder's pretraining, once from random weights. Linear on pixels and colour histogram:"
                        + " softmax regression on one frame, of a clip the one in the middle.");
        page.paragraph(String.format(Locale.ROOT, "Everything took %.0f seconds.", seconds));
        page.append(details);
        page.write(report);
    }

    private Result learn(String name, Path data, Recipe mae, Recipe tune, Html page) {
        Dataset dataset = Datasets.open(data);
        Path pretraining = root.resolve(name + "-pretrained");
        page.heading(name + ": pretraining");
        pretrain(dataset, mae, pretraining, page);
        page.heading(name + ": fine-tuning");
        Path model = root.resolve(name);
        Evaluation fine = train(name + ": fine-tuning", dataset, tune, pretraining.resolve("model"), model, page);
        // Lower rates for earlier layers would keep random weights from learning.
        Recipe scratchRecipe = tune.with("layer_decay", "1");
        Path scratchRun = root.resolve(name + "-scratch");
        Evaluation scratch = train(name + ": the same from scratch", dataset, scratchRecipe, null, scratchRun, null);
        progress.note(name + ": simple methods for comparison");
        ClipSampler sampler = Loading.sampler(
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

    private void pretrain(Dataset dataset, Recipe recipe, Path out, Html page) {
        progress.note("pretraining a masked autoencoder on " + dataset.name());
        MaeObjective objective = new MaeObjective(recipe.model());
        try (TrainingRun run = new TrainingRun(
                recipe,
                dataset,
                objective,
                Initialization.of(objective.config(), recipe.run().seed()),
                fresh(out),
                progress,
                stop)) {
            run.run();
            RunReport.curves(page, out);
            page.paragraph("Masked, reconstructed, original (held-out files):");
            RunFiles.reconstructions(page, recipe.data(), dataset, objective, run);
        }
    }

    private Evaluation train(
            String what, Dataset dataset, Recipe recipe, @Nullable Path from, Path out, @Nullable Html page) {
        progress.note(what);
        Objective objective = new ClassifyObjective(
                recipe.model(),
                recipe.augmentation().mixing(),
                dataset.classNames().size());
        try (WeightSource start = start(objective, from, recipe.run().seed());
                TrainingRun run = new TrainingRun(recipe, dataset, objective, start, fresh(out), progress, stop)) {
            Evaluation evaluation = run.run().evaluation().orElseThrow();
            if (page != null) {
                RunReport.curves(page, out);
                JudgeReport.judged(page, dataset, recipe, objective.encoder(), evaluation);
            }
            return evaluation;
        }
    }

    /** Nothing of an earlier quickstart is to be mixed in. */
    private static RunDirectory fresh(Path out) {
        RunDirectory directory = RunDirectory.open(out);
        directory.clear();
        return directory;
    }

    private static WeightSource start(Objective objective, @Nullable Path from, long seed) {
        return from == null
                ? Initialization.of(objective.config(), seed)
                : StartWeights.open(objective.config(), from, false, seed);
    }
}
