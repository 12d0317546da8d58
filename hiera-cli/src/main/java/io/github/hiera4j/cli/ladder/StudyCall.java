package io.github.hiera4j.cli.ladder;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.bench.chart.SpreadChart;
import io.github.hiera4j.bench.paper.PaperRung;
import io.github.hiera4j.cli.options.WrongCallException;
import io.github.hiera4j.cli.process.Interruption;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.model.baseline.Rung;
import io.github.hiera4j.model.io.Json;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.train.data.Dataset;
import io.github.hiera4j.train.data.layout.Datasets;
import io.github.hiera4j.train.metrics.Progress;
import io.github.hiera4j.train.quickstart.RenderedData;
import io.github.hiera4j.train.recipe.Models;
import io.github.hiera4j.train.report.TextFile;
import io.github.hiera4j.train.run.StopSignal;
import io.github.hiera4j.train.study.Spread;
import io.github.hiera4j.train.study.Study;
import io.github.hiera4j.train.study.StudyRecipes;
import io.github.hiera4j.train.study.StudyResult;
import io.github.hiera4j.train.study.StudyVariant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Trains the variants of a study, then reports the results as a table, JSON, CSV and a chart. */
final class StudyCall {
    private static final int STOPPED = 130;
    private static final long DATA_SEED = 1;
    private static final int HELD_OUT_SHARE = 5;

    /** With fewer, the differences of a few percent between rungs would be within the error of measurement. */
    private static final int FEWEST_HELD_OUT = 200;

    private final StudyOptions options;
    private final SpeedOptions speed;
    private final boolean video;
    private final List<Rung> rungs;
    private final Output output;
    private final Progress progress;
    private final Path directory;

    StudyCall(
            StudyOptions options,
            SpeedOptions speed,
            boolean video,
            List<Rung> rungs,
            Output output,
            Progress progress) {
        this.options = options;
        this.speed = speed;
        this.video = video;
        this.rungs = rungs;
        this.output = output;
        this.progress = progress;
        Optional<Path> out = speed.directory();
        checkCall(out.isPresent(), "a study stores its training runs: select a directory with --out");
        directory = out.orElseThrow();
    }

    int run() {
        HieraConfig model = WrongCallException.check(() -> Models.encoder(options.model(video)));
        checkCall(
                model.isVideo() == video,
                "%s takes %s: %s --video",
                options.model(video),
                model.isVideo() ? "videos" : "images",
                model.isVideo() ? "add" : "leave out");
        StudyRecipes recipes = WrongCallException.check(
                () -> new StudyRecipes(video, options.model(video), options.pretrainEpochs(), options.epochs(video)));
        List<StudyVariant> variants = options.ablations ? recipes.ablations() : recipes.ladder(rungs);
        StopSignal stop = new StopSignal();
        StudyResult result;
        try (Interruption.Handle asked = Interruption.onRequest(() -> {
            stop.request();
            output.note("stopping after this step; rerun the same command to continue");
        })) {
            Study study = new Study(
                    directory.resolve(options.ablations ? "ablations" : "rungs"),
                    data(),
                    variants,
                    options.seeds(),
                    progress,
                    stop);
            result = study.run();
        }
        show(variants, result, model);
        if (stop.isRequested()) {
            output.note("stopped: " + result.rows().size()
                    + " training runs are finished; rerun the same command to continue");
            return STOPPED;
        }
        result.failures().forEach(output::note);
        return result.complete() ? 0 : 1;
    }

    /** Returns the rendered data, which are drawn only once; incomplete data are drawn again. */
    private Dataset data() {
        int count = options.samples(video);
        int heldOut = Math.max(count / HELD_OUT_SHARE, Math.min(count, FEWEST_HELD_OUT));
        Path data = directory.resolve("data-" + (video ? "clips-" : "pictures-") + count);
        Path finished = data.resolve(".complete");
        if (!Files.exists(finished)) {
            output.note("rendering " + count + (video ? " clips" : " pictures"));
            if (video) {
                RenderedData.clips(data, count, heldOut, DATA_SEED);
            } else {
                RenderedData.pictures(data, count, heldOut, DATA_SEED);
            }
            TextFile.write(finished, "");
        }
        return Datasets.open(data);
    }

    private void show(List<StudyVariant> variants, StudyResult result, HieraConfig model) {
        String name = options.ablations ? "ablations" : "accuracy";
        Map<StudyVariant, SpeedRow> speeds = options.ablations ? Map.of() : speeds(variants, model);
        List<Map<String, Object>> rows =
                variants.stream().map(variant -> json(variant, result, speeds)).toList();
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("model", options.model(video));
        whole.put("samples", options.samples(video));
        whole.put("pretrainingEpochs", options.pretrainEpochs());
        whole.put("epochs", options.epochs(video));
        whole.put("complete", result.complete());
        whole.put("machine", String.join(", ", SpeedOptions.machine()));
        whole.put("variants", rows);
        whole.put("failures", result.failures());
        TextFile.write(directory.resolve(name + ".json"), Json.MAPPER.writeValueAsString(whole) + "\n");
        TextFile.write(directory.resolve(name + ".csv"), result.csv());
        draw(directory.resolve(name + ".svg"), variants, result);
        if (speed.json) {
            rows.forEach(output::json);
        } else {
            printTable(variants, result, speeds);
        }
        output.note("picture: " + directory.resolve(name + ".svg") + ", figures: " + name + ".csv, " + name + ".json");
    }

    /** Measures inference at the trained size, in the first supported type. */
    private Map<StudyVariant, SpeedRow> speeds(List<StudyVariant> variants, HieraConfig model) {
        SpeedOptions.Engine engine = speed.engines(output).get(0);
        HieraConfig classifier = model.toBuilder().numClasses(10).build();
        Map<StudyVariant, SpeedRow> rows = new LinkedHashMap<>();
        for (int at = 0; at < variants.size(); at++) {
            StudyVariant variant = variants.get(at);
            Candidate candidate = LadderCommand.candidate(classifier, rungs.get(at));
            speed.measure(candidate, engine, speed.batch(video), output).ifPresent(row -> rows.put(variant, row));
        }
        return rows;
    }

    private Map<String, Object> json(StudyVariant variant, StudyResult result, Map<StudyVariant, SpeedRow> speeds) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("variant", variant.label());
        fields.put("change", variant.change());
        putSpread(fields, "pretrained", result.accuracy(variant, true));
        putSpread(fields, "scratch", result.accuracy(variant, false));
        SpeedRow row = speeds.get(variant);
        if (row != null) {
            fields.put("samplesPerSecond", row.samplesPerSecond());
            fields.put("dtype", row.engine().options().dtype().toString());
        }
        return fields;
    }

    private static void putSpread(Map<String, Object> fields, String name, Spread spread) {
        if (spread.count() > 0) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("seeds", spread.count());
            values.put("top1", spread.mean());
            values.put("deviation", spread.deviation());
            values.put("least", spread.least());
            values.put("most", spread.most());
            fields.put(name, values);
        }
    }

    private void printTable(List<StudyVariant> variants, StudyResult result, Map<StudyVariant, SpeedRow> speeds) {
        boolean ladder = !options.ablations;
        List<String> heading = new ArrayList<>(List.of(ladder ? "rung" : "variant", "seeds", "pretrained"));
        if (ladder) {
            heading.addAll(List.of("scratch", video ? "clip/s" : "img/s", "paper"));
        }
        heading.add("change");
        List<List<String>> cells = new ArrayList<>();
        for (int at = 0; at < variants.size(); at++) {
            StudyVariant variant = variants.get(at);
            Spread pretrained = result.accuracy(variant, true);
            Spread scratch = result.accuracy(variant, false);
            List<String> line = new ArrayList<>();
            line.add(variant.label());
            line.add(String.valueOf(Math.max(pretrained.count(), scratch.count())));
            line.add(text(pretrained));
            if (ladder) {
                line.add(text(scratch));
                SpeedRow row = speeds.get(variant);
                line.add(row == null ? "" : SpeedRow.number(row.samplesPerSecond()));
                double paper = PaperRung.of(rungs.get(at), video).top1();
                line.add(String.format(Locale.ROOT, "%.1f %%", 100 * paper));
            }
            line.add(variant.change());
            cells.add(line);
        }
        output.table(heading, cells);
    }

    private static String text(Spread spread) {
        return spread.count() == 0
                ? ""
                : String.format(Locale.ROOT, "%.1f ± %.1f %%", 100 * spread.mean(), 100 * spread.deviation());
    }

    private void draw(Path file, List<StudyVariant> variants, StudyResult result) {
        List<SpreadChart.Series> series = new ArrayList<>();
        series.add(series("pretrained", variants, result, true));
        if (!options.ablations) {
            series.add(series("from scratch", variants, result, false));
        }
        String title = "Held-out accuracy, " + options.model(video) + ": mean and range of seeds";
        new SpreadChart(title, variants.stream().map(StudyVariant::label).toList(), series).write(file);
    }

    private static SpreadChart.Series series(
            String name, List<StudyVariant> variants, StudyResult result, boolean pretrained) {
        return new SpreadChart.Series(
                name,
                variants.stream()
                        .map(variant -> result.accuracy(variant, pretrained))
                        .map(spread -> new SpreadChart.Range(spread.mean(), spread.least(), spread.most()))
                        .toList());
    }
}
