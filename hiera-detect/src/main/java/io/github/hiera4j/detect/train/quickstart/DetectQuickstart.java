package io.github.hiera4j.detect.train.quickstart;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.train.CocoData;
import io.github.hiera4j.detect.train.DetectObjective;
import io.github.hiera4j.detect.train.DetectTraining;
import io.github.hiera4j.detect.train.DetectorStart;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.metrics.ReportSection;
import io.github.hiera4j.train.page.DataTable;
import io.github.hiera4j.train.page.DataTable.Cell;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.report.CurvesPanel;
import io.github.hiera4j.train.report.Durations;
import io.github.hiera4j.train.report.EvaluationReport;
import io.github.hiera4j.train.report.SectionPanel;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders scenes, pretrains a masked autoencoder on their images, trains a detector from it and the same detector from scratch, and
 * reports COCO's average precision of both.
 */
public final class DetectQuickstart {
    private static final long SEED = 1;
    private static final int SIDE = 96;

    private final Path root;
    private final Plan plan;
    private final Progress progress;
    private final StopSignal stop;

    /**
     * The amount of rendering and training.
     *
     * @param pictures number of training images; a tenth as many are held out
     * @param pretraining epochs of the autoencoder
     * @param training epochs of each detector
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     */
    public record Plan(int pictures, int pretraining, int training, String device) {
        /**
         * {@return a small plan, which takes a few minutes on two cores}
         *
         * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
         */
        public static Plan small(String device) {
            return new Plan(2700, 3, 2, device);
        }

        /**
         * Returns a plan that trains several times longer.
         *
         * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
         * @return the plan
         */
        public static Plan full(String device) {
            return new Plan(4000, 20, 10, device);
        }
    }

    /**
     * The results.
     *
     * @param pretrained figures by name of the detector initialised from the autoencoder's encoder
     * @param scratch figures by name of the detector with random initial weights
     * @param model the directory of the first detector
     * @param example a held-out image
     * @param report the report page
     * @param seconds duration of the run
     */
    public record Summary(
            Map<String, Double> pretrained,
            Map<String, Double> scratch,
            Path model,
            Path example,
            Path report,
            double seconds) {}

    /**
     * Creates a quickstart without writing anything yet.
     *
     * @param root directory for data, weights and the report
     * @param plan the amount of rendering and training
     * @param progress receives figures and notes
     * @param stop requests an early end
     */
    public DetectQuickstart(Path root, Plan plan, Progress progress, StopSignal stop) {
        this.root = root;
        this.plan = plan;
        this.progress = progress;
        this.stop = stop;
    }

    /**
     * Runs the quickstart; an earlier one in the directory is replaced.
     *
     * @return the figures
     */
    public Summary run() {
        long start = System.nanoTime();
        progress.note("rendering " + plan.pictures() + " scenes");
        Path data = root.resolve("data");
        int held = Math.max(1, plan.pictures() / 10);
        SceneData.write(data, "train", plan.pictures(), SIDE, SEED);
        SceneData.write(data, "val", held, SIDE, SEED + 1);
        CocoData scenes = CocoData.open(data);
        int processors = Runtime.getRuntime().availableProcessors();
        Path encoder = pretrain(data, processors);
        // A detector's step is too short for efficient parallelism, so each detector gets half of the processors.
        int threads = Math.max(1, processors / 2);
        Supplier<Trainer.Result> fromScratch = () -> train(scenes, "scratch", null, threads, Progress.SILENT);
        CompletableFuture<Trainer.Result> beside = processors > 1
                ? CompletableFuture.supplyAsync(
                        fromScratch, task -> thread(task).start())
                : null;
        Trainer.Result tuned;
        try {
            progress.note("training a detector from it");
            tuned = train(scenes, "detector", encoder.resolve("model"), threads, progress);
        } catch (RuntimeException | Error failure) {
            stop.request();
            if (beside != null) {
                beside.handle((result, ignored) -> true).join();
            }
            throw failure;
        }
        progress.note("the same from scratch");
        Trainer.Result scratch = beside == null ? fromScratch.get() : joined(beside);
        check(
                tuned.outcome().complete() && scratch.outcome().complete(),
                "%s: the quickstart was stopped: run it again",
                root);
        double seconds = (System.nanoTime() - start) / 1e9;
        Path report = write(tuned, scratch, seconds);
        return new Summary(
                tuned.outcome().figures(),
                scratch.outcome().figures(),
                tuned.model(),
                data.resolve("val/00000.png"),
                report,
                seconds);
    }

    /** Trains the autoencoder on all processors, for which its batches are large enough. */
    private Path pretrain(Path data, int threads) {
        progress.note("pretraining a masked autoencoder");
        Path encoder = root.resolve("pretrained");
        Trainer.of(recipe("small-maskrcnn-mae", plan.pretraining()).with("threads", String.valueOf(threads)))
                .data(Datasets.openUnlabelled(data.resolve("train")))
                .out(encoder)
                .existing(Trainer.Existing.OVERWRITE)
                .progress(progress)
                .stop(stop)
                .run();
        check(!stop.isRequested(), "%s: the quickstart was stopped: run it again", root);
        return encoder;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "hiera-quickstart-scratch");
        thread.setDaemon(true);
        return thread;
    }

    private static Trainer.Result joined(CompletableFuture<Trainer.Result> training) {
        try {
            return training.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof HieraException fault ? fault : failure;
        }
    }

    private Recipe recipe(String name, int epochs) {
        return Recipes.named(name)
                .with("device", plan.device())
                .with("epochs", Integer.toString(epochs))
                .with("evaluate_every", Integer.toString(epochs));
    }

    private Trainer.Result train(CocoData scenes, String name, @Nullable Path from, int threads, Progress progress) {
        Recipe recipe = recipe("small-maskrcnn", plan.training()).with("threads", String.valueOf(threads));
        DetectObjective objective = new DetectObjective(recipe, scenes);
        try (WeightSource start = from == null
                ? objective.initialWeights(recipe.run().seed())
                : DetectorStart.open(objective, from, recipe.run().seed())) {
            return DetectTraining.trainer(recipe, scenes, objective)
                    .start(start)
                    .out(root.resolve(name))
                    .existing(Trainer.Existing.OVERWRITE)
                    .progress(progress)
                    .stop(stop)
                    .run();
        }
    }

    private Path write(Trainer.Result tuned, Trainer.Result scratch, double seconds) {
        Page page = new Page("Hiera quickstart: detection", "Rendered scenes, trained here, measured on held-out ones");
        Map<String, Double> figures = tuned.outcome().figures();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Box AP", Percent.of(figures.getOrDefault("box_ap", 0.0)));
        facts.put("Mask AP", Percent.of(figures.getOrDefault("mask_ap", 0.0)));
        facts.put("Training scenes", String.valueOf(plan.pictures()));
        facts.put("Held-out scenes", String.valueOf(Math.max(1, plan.pictures() / 10)));
        facts.put("Duration", Durations.text(seconds));
        EvaluationReport.addOrigin(facts, "");
        page.facts(facts);
        page.heading("Average precision on held-out scenes");
        DataTable table =
                new DataTable("Average precision", List.of("detector", "box AP", "box AP50", "mask AP", "mask AP50"));
        row(table, "pretrained", figures);
        row(table, "from scratch", scratch.outcome().figures());
        page.table(table);
        page.paragraph(
                "The same network, trained for the same number of steps with the same recipe: once from the encoder of a masked"
                        + " autoencoder pretrained on the training images without annotations, once from random weights."
                        + " Both trained at the same time, each on half of the processors.");
        page.heading("Training from the pretrained encoder");
        page.charts(CurvesPanel.charts(root.resolve("detector"), 0));
        for (ReportSection section : tuned.outcome().sections()) {
            SectionPanel.add(page, section);
        }
        Path report = root.resolve("report.html");
        page.write(report);
        return report;
    }

    private static void row(DataTable table, String name, Map<String, Double> figures) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.of(name)));
        for (String figure : List.of("box_ap", "box_ap50", "mask_ap", "mask_ap50")) {
            double value = figures.getOrDefault(figure, 0.0);
            cells.add(Cell.of(Percent.of(value), value));
        }
        table.row(cells.toArray(Cell[]::new));
    }
}
