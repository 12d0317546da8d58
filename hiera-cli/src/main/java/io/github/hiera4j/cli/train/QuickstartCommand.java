package io.github.hiera4j.cli.train;

import io.github.hiera4j.api.HieraClassifier;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.detect.action.quickstart.ActionsQuickstart;
import io.github.hiera4j.detect.train.quickstart.DetectQuickstart;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.train.metrics.Percent;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.quickstart.Quickstart;
import io.github.hiera4j.train.quickstart.QuickstartPlan;
import io.github.hiera4j.train.recipe.Recipe;
import io.github.hiera4j.train.recipe.Recipes;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.run.TrainingProcesses;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a first training without network access or data. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description =
                "Render two small data sets, pretrain and fine-tune on them, and write a report; takes a few minutes.")
public final class QuickstartCommand implements Callable<Integer> {
    private static final int STOPPED = 130;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "DIR",
            description = "Output directory (default: quickstart).")
    Path out = Path.of("quickstart");

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description =
                    "classify (default): images and clips; detect: objects in scenes; actions: the actions of two agents in a video.")
    String task = "classify";

    @Option(names = "--device", paramLabel = "DEVICE", description = "cpu, cuda or cuda:N (default: cpu).")
    String device = "cpu";

    @Option(names = "--full", description = "Train several times longer.")
    boolean full;

    @Spec
    CommandSpec spec;

    private final StopSignal stop = new StopSignal();

    @Override
    public Integer call() {
        Output output = new Output(spec);
        try (Interruption.Handle asked = Interruption.onRequest(() -> {
            stop.request();
            output.note("stopping after this step; a second Ctrl-C stops at once");
        })) {
            run();
        } catch (RuntimeException failure) {
            if (!stop.isRequested()) {
                throw failure;
            }
            output.note("stopped; the same command starts again; finished results are in " + out);
            return STOPPED;
        }
        return 0;
    }

    private void run() {
        Recipe recipe = WrongCallException.check(
                () -> Recipes.named("small-finetune").with("device", device)); // the models of all tasks are small
        TrainingProcesses.requireDevice(recipe);
        TrainingProcesses.limitThreads(recipe);
        switch (task) {
            case "classify" -> classify();
            case "actions" -> actions();
            case "detect" -> detect();
            default ->
                throw WrongCallException.of(
                        "--task must be classify, detect or actions, got '" + Printable.of(task) + "'");
        }
    }

    private void detect() {
        DetectQuickstart.Plan plan = full ? DetectQuickstart.Plan.full(device) : DetectQuickstart.Plan.small(device);
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), 4);
        DetectQuickstart.Summary summary = new DetectQuickstart(out, plan, progress, stop).run();
        PrintWriter print = spec.commandLine().getOut();
        print.printf(Locale.ROOT, "%-14s %7s %9s %8s %10s%n", "", "box AP", "box AP50", "mask AP", "mask AP50");
        print(print, "pretrained", summary.pretrained());
        print(print, "from scratch", summary.scratch());
        print.printf(Locale.ROOT, "%nhiera detect %s --weights %s --draw drawn%n", summary.example(), summary.model());
        print.printf(Locale.ROOT, "%n%.0f s; report: %s%n", summary.seconds(), summary.report());
        print.flush();
    }

    private static void print(PrintWriter print, String name, Map<String, Double> figures) {
        print.printf(
                Locale.ROOT,
                "%-14s %7s %9s %8s %10s%n",
                name,
                Percent.of(figures.getOrDefault("box_ap", 0.0)),
                Percent.of(figures.getOrDefault("box_ap50", 0.0)),
                Percent.of(figures.getOrDefault("mask_ap", 0.0)),
                Percent.of(figures.getOrDefault("mask_ap50", 0.0)));
    }

    private void actions() {
        Recipe recipe =
                ActionsQuickstart.small(out, device, Progress.SILENT, stop).recipe();
        ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), recipe.effectiveBatch());
        ActionsQuickstart quickstart = full
                ? ActionsQuickstart.full(out, device, progress, stop)
                : ActionsQuickstart.small(out, device, progress, stop);
        ActionsQuickstart.Summary summary = quickstart.run();
        PrintWriter print = spec.commandLine().getOut();
        print.printf(
                Locale.ROOT,
                "frame mAP %s; the key frame alone %s; random scores %s%n",
                Percent.of(summary.frameMap()),
                Percent.of(summary.still()),
                Percent.of(summary.chance()));
        print.printf(
                Locale.ROOT,
                "%nhiera actions %s --weights %s --boxes %s%n",
                summary.video(),
                summary.model(),
                summary.boxes());
        print.printf(
                Locale.ROOT, "%n%.0f s; clips: %s; report: %s%n", summary.seconds(), summary.clips(), summary.report());
        print.flush();
    }

    private void classify() {
        QuickstartPlan plan = full ? QuickstartPlan.full(device) : QuickstartPlan.small(device);
        ProgressLine progress =
                new ProgressLine(spec.commandLine().getErr(), plan.pictureTune().effectiveBatch());
        Quickstart.Summary summary = new Quickstart(out, plan, progress, stop)
                .panel(new WrongPredictionsPanel())
                .run();
        PrintWriter print = spec.commandLine().getOut();
        print.printf(
                Locale.ROOT,
                "%-10s %10s %13s %17s %17s%n",
                "",
                "pretrained",
                "from scratch",
                "linear on pixels",
                "colour histogram");
        for (Quickstart.Result result : summary.results()) {
            print.printf(
                    Locale.ROOT,
                    "%-10s %10s %13s %17s %17s%n",
                    result.name(),
                    Percent.of(result.pretrained()),
                    Percent.of(result.scratch()),
                    Percent.of(result.linear()),
                    Percent.of(result.colours()));
        }
        summary.results().forEach(result -> classify(result, print));
        print.printf(Locale.ROOT, "%n%.0f s; report: %s%n", summary.seconds(), summary.report());
        print.flush();
    }

    /** Classifies a held-out file with the model, as a user would. */
    private static void classify(Quickstart.Result result, PrintWriter print) {
        print.printf(Locale.ROOT, "%nhiera classify %s --weights %s%n", result.example(), result.model());
        try (HieraClassifier model = HieraClassifier.load(result.model())) {
            model.classify(result.example(), 3)
                    .forEach(named ->
                            print.printf(Locale.ROOT, "  %7s  %s%n", Percent.of(named.probability()), named.label()));
        }
    }
}
