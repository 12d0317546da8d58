package io.github.hiera4j.cli.ladder;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.InputSize;
import io.github.hiera4j.bench.chart.BarChart;
import io.github.hiera4j.bench.paper.PaperRung;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.cli.train.ProgressLine;
import io.github.hiera4j.model.baseline.LadderConfig;
import io.github.hiera4j.model.baseline.LadderMae;
import io.github.hiera4j.model.baseline.MViTv2Config;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.io.Printable;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraVariant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures the steps between MViTv2 and Hiera, as the paper's Table 1 does. */
@Command(
        name = "ladder",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measure every step from MViTv2 to Hiera and compare with the paper's Table 1; with --train, its accuracy.",
        footer = {
            "Columns: img/s or clip/s, inference; ×, relative to the first row; MB, native",
            "memory; train and MAE, samples per second of a training step; paper, Table 1:",
            "the large model on an A100 in float16, and its accuracy."
        })
public final class LadderCommand implements Callable<Integer> {
    private static final List<String> WIDTHS = List.of("tiny", "small", "base", "base_plus", "large", "huge");

    @Option(
            names = "--width",
            paramLabel = "SIZE",
            description =
                    "tiny, small, base, base_plus, large or huge; at least base for videos (default: tiny; videos: base).")
    @Nullable
    String width;

    @Option(names = "--video", description = "Measure clips instead of images.")
    boolean video;

    @Option(
            names = "--rung",
            split = ",",
            paramLabel = "RUNG",
            description = "Rungs: 0, a, b, c, d, e, f (default: all).")
    List<String> rungs = List.of();

    @Option(names = "--size", paramLabel = "SIZE", description = "Input size such as 224 or 256x320 (default: 224).")
    @Nullable
    String size;

    @Mixin
    SpeedOptions speed;

    @Mixin
    StudyOptions study;

    @Spec
    CommandSpec spec;

    private record Measured(Rung rung, SpeedRow row, PaperRung paper) {}

    @Override
    public Integer call() {
        Output output = new Output(spec);
        if (study.isAsked()) {
            checkCall(
                    width == null && size == null,
                    "a study trains --model at its default size: leave out --width and --size");
            checkCall(study.train || rungs.isEmpty(), "the ablations always use rung f: leave out --rung");
            ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), 1);
            return new StudyCall(study, speed, video, wanted(), output, progress).run();
        }
        HieraConfig hiera = config();
        List<Rung> wanted = wanted();
        Optional<Path> directory = speed.directory();
        int batch = speed.batch(video);
        boolean isComplete = true;
        List<BarChart.Series> bars = new ArrayList<>();
        if (!speed.json) {
            SpeedOptions.machine().forEach(output::line);
        }
        for (SpeedOptions.Engine engine : speed.engines(output)) {
            List<Measured> rows = new ArrayList<>();
            for (Rung rung : wanted) {
                Optional<SpeedRow> row = speed.measure(candidate(hiera, rung), engine, batch, output);
                isComplete &= row.isPresent();
                row.ifPresent(found -> rows.add(new Measured(rung, found, PaperRung.of(rung, video))));
            }
            if (speed.json) {
                rows.forEach(row -> output.json(json(row)));
            } else if (!rows.isEmpty()) {
                printTable(engine.describe(batch), rows, output);
            }
            bars.add(bars(engine.options().dtype().toString(), wanted, rows));
        }
        directory.ifPresent(path -> draw(path, wanted, bars, output));
        return isComplete ? 0 : 1;
    }

    private HieraConfig config() {
        String named = width != null ? width : video ? "base" : "tiny";
        List<String> widths = video ? WIDTHS.subList(WIDTHS.indexOf("base"), WIDTHS.size()) : WIDTHS;
        checkCall(
                widths.contains(named),
                "unknown --width %s: expected one of %s",
                Printable.of(named),
                String.join(", ", widths));
        HieraConfig published =
                WrongCallException.check(() -> HieraVariant.named("hiera_" + named + (video ? "_16x224" : "_224"))
                        .config());
        String typed = size;
        if (typed == null) {
            return published;
        }
        InputSize wanted = WrongCallException.check(() -> InputSize.parse(typed));
        checkCall(
                wanted.kind() != InputSize.Kind.NATIVE,
                "--size native is not supported here: expected a size such as 224 or 256x320");
        return WrongCallException.check(() -> wanted.of(published));
    }

    private List<Rung> wanted() {
        if (rungs.isEmpty()) {
            return Arrays.asList(Rung.values());
        }
        return rungs.stream()
                .map(label -> WrongCallException.check(() -> Rung.parse(label)))
                .distinct()
                .sorted()
                .toList();
    }

    /** For videos, rung 0 is MViTv2 with a class token and keys pooled once more: the starting point measured in the paper. */
    static Candidate candidate(HieraConfig hiera, Rung rung) {
        String name = "rung " + rung.label();
        if (hiera.axes() == 3 && !rung.separatesUnits()) {
            return Candidate.of(name, MViTv2Config.video(hiera));
        }
        Candidate classifier = Candidate.of(name, LadderConfig.of(hiera, rung));
        return rung.separatesUnits()
                ? classifier.withAutoencoder(new LadderMae(MaeConfig.around(hiera), rung, true))
                : classifier;
    }

    private void printTable(String title, List<Measured> rows, Output output) {
        List<String> heading =
                new ArrayList<>(List.of("rung", "parameters", "MACs", video ? "clip/s" : "img/s", "×", "MB"));
        if (speed.trainStep) {
            heading.addAll(List.of("train", "MAE"));
        }
        heading.addAll(List.of("paper", "×", "top-1"));
        Measured first = rows.get(0);
        List<List<String>> cells = new ArrayList<>();
        for (Measured measured : rows) {
            SpeedRow row = measured.row();
            List<String> line = new ArrayList<>(List.of(
                    measured.rung().label(),
                    Output.rounded(row.cost().parameters()),
                    Output.rounded(row.cost().multiplyAccumulates()),
                    SpeedRow.number(row.samplesPerSecond()),
                    SpeedRow.number(row.samplesPerSecond() / first.row().samplesPerSecond()),
                    SpeedRow.number(row.inference().nativeBytes() / 1e6)));
            if (speed.trainStep) {
                line.add(SpeedRow.number(row.training()));
                line.add(SpeedRow.number(row.autoencoder()));
            }
            PaperRung paper = measured.paper();
            line.add(String.format(Locale.ROOT, "%.1f", paper.samplesPerSecond()));
            line.add(SpeedRow.number(paper.samplesPerSecond() / first.paper().samplesPerSecond()));
            line.add(String.format(Locale.ROOT, "%.1f %%", 100 * paper.top1()));
            cells.add(line);
        }
        output.line("");
        output.line(title);
        output.table(heading, cells);
    }

    private static Map<String, Object> json(Measured measured) {
        Map<String, Object> name = new LinkedHashMap<>();
        name.put("rung", measured.rung().label());
        name.put("change", measured.rung().change());
        Map<String, Object> line = measured.row().toJson(name);
        line.put("paperSamplesPerSecond", measured.paper().samplesPerSecond());
        line.put("paperTop1", measured.paper().top1());
        return line;
    }

    /** Speed relative to the first rung that is shown; a rung that could not be measured has no bar. */
    private static BarChart.Series bars(String name, List<Rung> wanted, List<Measured> rows) {
        List<Double> values = new ArrayList<>();
        for (Rung rung : wanted) {
            values.add(rows.stream()
                    .filter(row -> row.rung() == rung)
                    .mapToDouble(row ->
                            row.row().samplesPerSecond() / rows.get(0).row().samplesPerSecond())
                    .findFirst()
                    .orElse(Double.NaN));
        }
        return new BarChart.Series(name, values);
    }

    private void draw(Path directory, List<Rung> wanted, List<BarChart.Series> measured, Output output) {
        double first = PaperRung.of(wanted.get(0), video).samplesPerSecond();
        List<BarChart.Series> bars = new ArrayList<>(measured);
        bars.add(new BarChart.Series(
                "paper: large, A100, float16",
                wanted.stream()
                        .map(rung -> PaperRung.of(rung, video).samplesPerSecond() / first)
                        .toList()));
        Path file = directory.resolve("ladder.svg");
        String title = (video ? "Clips" : "Images") + " per second at inference, relative to rung "
                + wanted.get(0).label();
        new BarChart(title, wanted.stream().map(Rung::label).toList(), bars).write(file);
        output.note("picture: " + file);
    }
}
