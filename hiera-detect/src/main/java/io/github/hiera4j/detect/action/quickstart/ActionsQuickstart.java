package io.github.hiera4j.detect.action.quickstart;

import io.github.hiera4j.detect.action.ActionClips;
import io.github.hiera4j.detect.action.ActionTraining;
import io.github.hiera4j.detect.action.AvaDataset;
import io.github.hiera4j.detect.action.HieraActions;
import io.github.hiera4j.detect.action.KeyFrame;
import io.github.hiera4j.detect.ava.AvaBox;
import io.github.hiera4j.detect.evaluate.AvaEvaluation;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.optimize.Randomness;
import io.github.hiera4j.train.page.DataTable;
import io.github.hiera4j.train.page.DataTable.Cell;
import io.github.hiera4j.train.page.Page;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.report.CurvesPanel;
import io.github.hiera4j.train.report.Durations;
import io.github.hiera4j.train.report.EvaluationReport;
import io.github.hiera4j.train.report.TextFile;
import io.github.hiera4j.train.run.ProcessorPrecision;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Renders videos of two agents, trains a small action model, evaluates it by the frame mAP and draws clips.
 *
 * <p>The result is compared with two baselines without motion: random scores, and the same model on the repeated key frame.
 */
public final class ActionsQuickstart {
    private static final long SEED = 5;
    private static final int DRAWN = 6;
    private static final int RANDOM_TRIALS = 20;

    private final Path root;
    private final int videos;
    private final int epochs;
    private final String device;
    private final Progress progress;
    private final StopSignal stop;

    /**
     * Creates a quickstart.
     *
     * @param root directory for data, model, clips and the report
     * @param videos number of training videos with three key frames each; a sixth as many are held out
     * @param epochs passes over the training clips
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @param progress receives figures and notes
     * @param stop requests an early end
     */
    public ActionsQuickstart(Path root, int videos, int epochs, String device, Progress progress, StopSignal stop) {
        this.root = root;
        this.videos = videos;
        this.epochs = epochs;
        this.device = device;
        this.progress = progress;
        this.stop = stop;
    }

    /**
     * {@return a small quickstart, which takes a few minutes on two cores}
     *
     * @param root the directory
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @param progress receives figures and notes
     * @param stop requests an early end
     */
    public static ActionsQuickstart small(Path root, String device, Progress progress, StopSignal stop) {
        return new ActionsQuickstart(root, 500, 10, device, progress, stop);
    }

    /**
     * Returns a quickstart that trains several times longer.
     *
     * @param root the directory
     * @param device {@code cpu}, {@code cuda} or {@code cuda:N}
     * @param progress receives figures and notes
     * @param stop requests an early end
     * @return the quickstart
     */
    public static ActionsQuickstart full(Path root, String device, Progress progress, StopSignal stop) {
        return new ActionsQuickstart(root, 1500, 30, device, progress, stop);
    }

    /** {@return the training recipe} */
    public Recipe recipe() {
        return ProcessorPrecision.fast(Recipes.named("small-actions").with("device", device))
                .with("epochs", String.valueOf(epochs))
                .with("batch_size", String.valueOf(Math.min(16, videos)))
                .with("evaluate_every", String.valueOf(epochs))
                .with("keep_checkpoints", "1");
    }

    /**
     * The results.
     *
     * @param frameMap frame mAP of the model, 0 to 1
     * @param still frame mAP of the model on the repeated key frame
     * @param chance frame mAP of random scores, the mean of several trials
     * @param perAction average precision by name
     * @param model the trained model
     * @param clips the directory of clips with drawings
     * @param report the report page
     * @param video a held-out video
     * @param boxes the file with the boxes of its persons
     * @param seconds the duration of the run
     */
    public record Summary(
            double frameMap,
            double still,
            double chance,
            Map<Integer, AvaEvaluation.ClassResult> perAction,
            Path model,
            Path clips,
            Path report,
            Path video,
            Path boxes,
            double seconds) {}

    /**
     * Runs the quickstart.
     *
     * @return the figures
     */
    public Summary run() {
        long start = System.nanoTime();
        Path data = root.resolve("data");
        TextFile.makeDirectory(data);
        int held = Math.max(1, videos / 6);
        progress.note("rendering " + (videos + held) + " videos of two agents");
        ActionScenes.write(data, videos, held, SEED);
        AvaDataset dataset = AvaDataset.open(data);
        Trainer.Result trained = ActionTraining.trainer(recipe(), dataset)
                .out(root.resolve("run"))
                .existing(Trainer.Existing.OVERWRITE)
                .progress(progress)
                .stop(stop)
                .command("quickstart")
                .run();
        CompileOptions options = CompileOptions.DEFAULT.withDevice(device);
        if (!trained.outcome().complete()) {
            throw new io.github.hiera4j.model.HieraException("the quickstart was stopped: run it again");
        }
        try (HieraActions model = HieraActions.load(trained.model(), Backends.preferred(options), options)) {
            AvaEvaluation.Result moving = evaluate(model, dataset, false);
            AvaEvaluation.Result still = evaluate(model, dataset, true);
            double chance = chance(dataset);
            Path clips = root.resolve("clips");
            draw(model, dataset, clips);
            Path report = root.resolve("report.html");
            double seconds = (System.nanoTime() - start) / 1e9;
            write(report, moving, still, chance, clips, seconds);
            return new Summary(
                    moving.meanAveragePrecision(),
                    still.meanAveragePrecision(),
                    chance,
                    moving.classes(),
                    trained.model(),
                    clips,
                    report,
                    dataset.validation().get(0).video(),
                    data.resolve("val_boxes.csv"),
                    seconds);
        }
    }

    private static AvaEvaluation.Result evaluate(HieraActions model, AvaDataset dataset, boolean still) {
        List<AvaBox> detections = new ArrayList<>();
        for (KeyFrame frame : dataset.validation()) {
            List<double[]> boxes =
                    frame.persons().stream().map(KeyFrame.Person::box).toList();
            List<HieraActions.Found> found;
            if (still) {
                try (VideoReader video = VideoReader.open(frame.video())) {
                    Rgb8Image middle = video.framesAt(frame.moment()).get(0);
                    int frames = model.config().inputSize().get(0);
                    found = model.actions(Collections.nCopies(frames, middle), boxes);
                }
            } else {
                found = model.actions(frame.video(), frame.moment(), boxes);
            }
            for (HieraActions.Found person : found) {
                for (HieraActions.Action action : person.actions()) {
                    detections.add(new AvaBox(frame.frame(), person.box(), action.id(), action.probability()));
                }
            }
        }
        return evaluate(dataset, detections);
    }

    private static AvaEvaluation.Result evaluate(AvaDataset dataset, List<AvaBox> detections) {
        return AvaEvaluation.run(
                AvaEvaluation.Rule.SLOWFAST, dataset.truth(), detections, dataset.excluded(), dataset.evaluated());
    }

    /** Returns the frame mAP of random scores for the same boxes. */
    private static double chance(AvaDataset dataset) {
        double sum = 0;
        for (int trial = 0; trial < RANDOM_TRIALS; trial++) {
            RandomGenerator random = Randomness.of(SEED, trial);
            List<AvaBox> detections = new ArrayList<>();
            for (KeyFrame frame : dataset.validation()) {
                for (KeyFrame.Person person : frame.persons()) {
                    for (int id : dataset.evaluated()) {
                        detections.add(new AvaBox(frame.frame(), person.box(), id, random.nextDouble()));
                    }
                }
            }
            sum += evaluate(dataset, detections).meanAveragePrecision();
        }
        return sum / RANDOM_TRIALS;
    }

    private static void draw(HieraActions model, AvaDataset dataset, Path clips) {
        TextFile.makeDirectory(clips);
        for (KeyFrame frame : dataset.validation()
                .subList(0, Math.min(DRAWN, dataset.validation().size()))) {
            List<double[]> boxes =
                    frame.persons().stream().map(KeyFrame.Person::box).toList();
            try (VideoReader video = VideoReader.open(frame.video())) {
                List<HieraActions.Found> found = model.actions(video, frame.moment(), boxes);
                String name = String.format(
                        Locale.ROOT,
                        "%s_%04d.mp4",
                        frame.frame().video(),
                        frame.frame().second());
                ActionClips.write(video, frame.moment(), 0.8, found, 0.5, clips.resolve(name));
            }
        }
    }

    private void write(
            Path report,
            AvaEvaluation.Result moving,
            AvaEvaluation.Result still,
            double chance,
            Path clips,
            double seconds) {
        Page page = new Page("Hiera quickstart: actions", "Rendered data, trained here, measured on held-out videos");
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Frame mAP", Percent.of(moving.meanAveragePrecision()));
        facts.put("Duration", Durations.text(seconds));
        EvaluationReport.addOrigin(facts, "");
        page.facts(facts);
        page.heading("Frame mAP");
        Map<String, Double> shares = new LinkedHashMap<>();
        shares.put("model", moving.meanAveragePrecision());
        shares.put("the key frame alone", still.meanAveragePrecision());
        shares.put("random scores", chance);
        page.bars("Frame mAP by method", shares, "model");
        page.paragraph(
                "Two agents move independently in each video; only its motion reveals what an agent does. The key frame"
                        + " alone: the same model on clips that repeat the middle frame.");
        page.heading("Every action");
        DataTable table = new DataTable("Every action", List.of("action", "agents", "average precision"));
        moving.classes()
                .forEach((id, figures) -> table.row(
                        Cell.of(ActionScenes.ACTIONS.get(id - 1)),
                        Cell.of(figures.groundTruths()),
                        Cell.of(Percent.of(figures.averagePrecision()), figures.averagePrecision())));
        page.table(table);
        page.heading("Training");
        page.charts(CurvesPanel.charts(root.resolve("run"), 0));
        page.paragraph("Clips with drawings are in " + clips.getFileName() + ".");
        page.write(report);
    }
}
