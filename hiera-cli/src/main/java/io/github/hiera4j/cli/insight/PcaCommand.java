package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.insight.feature.FeatureColours;
import io.github.hiera4j.api.insight.feature.FeatureGrid;
import io.github.hiera4j.api.insight.feature.FeatureModel;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Pictures;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows feature maps as colours. */
@Command(
        name = "pca",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show a stage's features as colours: the first three principal components over all files.",
        footer = "Equal colours mean similar features, also across files. Each colour is clipped by 1 %% at both ends.")
public final class PcaCommand implements Callable<Integer> {
    private static final int MOST_ROWS = 8;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images, videos, directories, quoted globs, or -.")
    List<String> files = List.of();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(names = "--stage", paramLabel = "N", description = "Stage of the features, from 1 (default: the last).")
    @Nullable
    Integer stage;

    @Mixin
    OutputOptions out = new OutputOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** The intermediate result for one file. */
    record Features(List<Rgb8Image> frames, FeatureGrid grid) {}

    /** The figures of one run. */
    record Figures(int stage, List<Double> varianceShares, List<String> files) {}

    @Override
    public Integer call() {
        InsightRun run = new InsightRun(spec, out);
        try (FeatureModel features = FeatureModel.load(model.weights, model.insideOptions(), stage)) {
            List<InsightRun.Result<Features>> results = run.each(files, input -> {
                HostTensor view = features.model().view(input);
                return new Features(features.model().pictures(view), features.features(view));
            });
            write(run, results, features.stage());
        }
        return run.exitCode();
    }

    private static void write(InsightRun run, List<InsightRun.Result<Features>> results, int stage) {
        FeatureColours colours = FeatureColours.fit(
                results.stream().map(result -> result.value().grid()).toList());
        List<Double> shares = colours.varianceShares();
        String caption = String.format(
                Locale.ROOT,
                "stage %d: red, green and blue show %.0f %%, %.0f %% and %.0f %% of the variance",
                stage,
                100 * shares.get(0),
                100 * shares.get(1),
                100 * shares.get(2));
        List<InsightRun.Result<Sheet>> sheets = new ArrayList<>();
        for (InsightRun.Result<Features> result : results) {
            FeatureGrid grid = result.value().grid();
            sheets.add(new InsightRun.Result<>(
                    result.file(), new Sheet(InsightRun.title(result.file()), caption, rows(result.value(), colours))));
            run.writeArray(
                    result.file(), "pca", colours.components(grid), grid.steps(), grid.rows(), grid.columns(), 3);
        }
        run.writeSheets("pca", "Features as colours", sheets);
        run.writeJson(
                "pca",
                new Figures(
                        stage,
                        shares,
                        results.stream().map(result -> result.file().toString()).toList()));
    }

    private static List<List<Panel>> rows(Features features, FeatureColours colours) {
        List<Rgb8Image> coloured = colours.pictures(features.grid());
        int frames = features.frames().size();
        List<List<Panel>> rows = new ArrayList<>();
        for (int step : InsightRun.spread(coloured.size(), MOST_ROWS)) {
            int number = step * frames / coloured.size();
            Rgb8Image frame = features.frames().get(number);
            rows.add(List.of(
                    new Panel(frames == 1 ? "input" : "frame " + number, frame),
                    new Panel("features", Pictures.spread(coloured.get(step), frame.height(), frame.width()))));
        }
        return rows;
    }
}
