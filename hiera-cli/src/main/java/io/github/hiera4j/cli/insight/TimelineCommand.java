package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.Classification;
import io.github.hiera4j.api.insight.page.Page;
import io.github.hiera4j.api.insight.page.TimelinePage;
import io.github.hiera4j.api.insight.picture.Hues;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.timeline.Timeline;
import io.github.hiera4j.api.insight.timeline.TimelineModel;
import io.github.hiera4j.api.insight.timeline.TimelinePicture;
import io.github.hiera4j.api.insight.timeline.TimelineSettings;
import io.github.hiera4j.cli.options.LabelOptions;
import io.github.hiera4j.media.Rgb8Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Applies a video model to long videos in sliding windows. */
@Command(
        name = "timeline",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Classify long videos in sliding windows: what is shown when.",
        footer = {
            "Writes for each video NAME.csv with the most likely classes of every window, NAME.srt with the segments",
            "as subtitles, and NAME.png with frames, segments and probabilities; with --npy the windows' classes as",
            "[windows, classes, 2] (class, probability); with --json or --html one file for all videos. Prints the",
            "segments. Memory does not grow with a video's length; frames shared by windows are decoded once."
        })
public final class TimelineCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "VIDEO", description = "Videos, directories, quoted globs, or -.")
    List<String> files = List.of();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    LabelOptions labels = new LabelOptions();

    @Option(names = "--window", paramLabel = "TIME", description = "Length of a window (default: 2s).")
    String window = "2s";

    @Option(names = "--every", paramLabel = "TIME", description = "Time from one window to the next (default: 0.5s).")
    String every = "0.5s";

    @Option(
            names = "--smooth",
            paramLabel = "TIME",
            description = "Average probabilities over this time; 0 turns averaging off (default: 2s).")
    String smooth = "2s";

    @Option(
            names = "--shortest",
            paramLabel = "TIME",
            description = "Merge shorter segments with a neighbour (default: 1s).")
    String shortest = "1s";

    @Option(names = "--top", paramLabel = "K", description = "Number of classes per window (default: 5).")
    int top = TimelineSettings.DEFAULT.top();

    @Option(
            names = {"-b", "--batch"},
            paramLabel = "N",
            description = "Windows computed at once (default: 1).")
    int batch = 1;

    @Mixin
    OutputOptions out = new OutputOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** One video in the JSON file. */
    record Row(String file, double duration, List<Timeline.Segment> segments, List<Timeline.Step> steps) {}

    @Override
    public Integer call() {
        TimelineSettings settings = new TimelineSettings(
                DurationText.seconds("--window", window),
                DurationText.seconds("--every", every),
                DurationText.seconds("--smooth", smooth),
                DurationText.seconds("--shortest", shortest),
                top,
                batch);
        InsightRun run = new InsightRun(spec, out);
        try (TimelineModel timeline = TimelineModel.load(model.weights, labels.addTo(model.insideOptions()))) {
            List<InsightRun.Result<Timeline>> results = run.each(files, input -> {
                Path file = input.file().orElseThrow();
                Timeline result = timeline.run(file, settings, share -> {});
                result.warnings().forEach(warning -> run.output().note("warning: " + warning));
                run.writeText(run.target(file, ".csv"), csv(result));
                run.writeText(run.target(file, ".srt"), subtitles(result));
                if (out.pictures()) {
                    Path picture = run.target(file, ".png");
                    Png.write(picture, TimelinePicture.paint(InsightRun.title(file), result));
                    run.wrote(picture);
                }
                writeWindows(run, file, result);
                return result;
            });
            write(run, results);
        }
        return run.exitCode();
    }

    /** Returns the most likely classes of every window: {@code [windows, classes, 2]}, each a class and its probability. */
    private static void writeWindows(InsightRun run, Path file, Timeline timeline) {
        int most = timeline.steps().get(0).top().size();
        float[] values = new float[timeline.steps().size() * most * 2];
        int at = 0;
        for (Timeline.Step step : timeline.steps()) {
            for (Classification one : step.top()) {
                values[at++] = one.index();
                values[at++] = (float) one.probability();
            }
        }
        run.writeArray(file, "windows", values, timeline.steps().size(), most, 2);
    }

    private void write(InsightRun run, List<InsightRun.Result<Timeline>> results) {
        run.writeJson(
                "timeline",
                results.stream()
                        .map(result -> new Row(
                                result.file().toString(),
                                result.value().duration(),
                                result.value().segments(),
                                result.value().steps()))
                        .toList());
        if (out.html) {
            Page page = new Page("Timeline", "windows of " + window + " every " + every + ", smoothed over " + smooth)
                    .markup(TimelinePage::support);
            Hues hues = new Hues();
            for (InsightRun.Result<Timeline> result : results) {
                TimelinePage strip = strip(result);
                page.markup(() -> strip.html(hues));
                page.table("Segments", List.of("from", "to", "class", "probability"), rows(result.value()));
            }
            run.writePage("timeline", page);
        }
        List<List<String>> rows = new ArrayList<>();
        for (InsightRun.Result<Timeline> result : results) {
            for (List<String> row : rows(result.value())) {
                List<String> named = new ArrayList<>(row);
                named.add(0, result.file().toString());
                rows.add(named);
            }
        }
        run.output().table(List.of("file", "from", "to", "class", "probability"), rows);
    }

    private static TimelinePage strip(InsightRun.Result<Timeline> result) {
        Timeline timeline = result.value();
        Map<Double, Rgb8Image> thumbnails = new LinkedHashMap<>();
        timeline.thumbnails().forEach(one -> thumbnails.put(one.time(), one.picture()));
        List<double[]> curve = timeline.steps().stream()
                .map(step -> new double[] {step.middle(), step.top().get(0).probability()})
                .toList();
        List<TimelinePage.Part> parts = timeline.segments().stream()
                .map(one -> new TimelinePage.Part(one.start(), one.end(), one.label(), one.probability()))
                .toList();
        return new TimelinePage(InsightRun.title(result.file()), timeline.duration(), parts, curve, thumbnails);
    }

    private static List<List<String>> rows(Timeline timeline) {
        return timeline.segments().stream()
                .map(one -> List.of(
                        TimelinePage.clock(one.start()),
                        TimelinePage.clock(one.end()),
                        one.label(),
                        String.format(Locale.ROOT, "%.3f", one.probability())))
                .toList();
    }

    private static String csv(Timeline timeline) {
        StringBuilder text = new StringBuilder("start,end,rank,index,label,probability\n");
        for (Timeline.Step step : timeline.steps()) {
            for (int rank = 0; rank < step.top().size(); rank++) {
                Classification one = step.top().get(rank);
                text.append(String.format(
                        Locale.ROOT,
                        "%.3f,%.3f,%d,%d,%s,%.6f%n",
                        step.start(),
                        step.end(),
                        rank + 1,
                        one.index(),
                        quoted(one.label()),
                        one.probability()));
            }
        }
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String subtitles(Timeline timeline) {
        StringBuilder text = new StringBuilder();
        int number = 1;
        for (Timeline.Segment one : timeline.segments()) {
            text.append(number++)
                    .append('\n')
                    .append(subtitleTime(one.start()))
                    .append(" --> ")
                    .append(subtitleTime(one.end()))
                    .append('\n')
                    .append(one.label().replaceAll("\\s+", " ").replace("-->", "->"))
                    .append(String.format(Locale.ROOT, " (%.0f %%)", 100 * one.probability()))
                    .append("\n\n");
        }
        return text.toString();
    }

    private static String subtitleTime(double seconds) {
        long all = Math.round(seconds * 1000);
        return String.format(
                Locale.ROOT, "%02d:%02d:%02d,%03d", all / 3_600_000, all / 60_000 % 60, all / 1000 % 60, all % 1000);
    }
}
