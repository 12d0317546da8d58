package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.HieraBackbone;
import io.github.hiera4j.api.insight.page.MapPage;
import io.github.hiera4j.api.insight.page.Page;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.picture.Scatter;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.api.insight.picture.SheetPainter;
import io.github.hiera4j.api.insight.picture.Thumbnails;
import io.github.hiera4j.api.insight.search.EmbeddingMap;
import io.github.hiera4j.media.Rgb8Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Arranges files by their embeddings. */
@Command(
        name = "map",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Arrange files on a page by their embeddings: similar files lie close together.",
        footer = {
            "The axes are the first two principal components of the embeddings. Writes map.html, in which the",
            "thumbnails can be zoomed and panned; with --png also an image of it, and with --json or --npy the",
            "positions and embeddings (one row per file in the order of the JSON file). Borders are coloured by",
            "directory."
        })
public final class MapCommand implements Callable<Integer> {
    private static final int THUMBNAIL_SIDE = 64;
    private static final int PICTURE_SIDE = 1280;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images, videos, directories, quoted globs, or -.")
    List<String> files = List.of();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    OutputOptions out = new OutputOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** The embedding and the thumbnail of one file. */
    record Seen(float[] embedding, Rgb8Image thumbnail) {}

    /** One file in the JSON file. */
    record Row(String file, double x, double y) {}

    /** The JSON file. */
    record Figures(List<Double> varianceShares, List<Row> files) {}

    @Override
    public Integer call() {
        out.html = true;
        InsightRun run = new InsightRun(spec, out);
        try (HieraBackbone backbone = HieraBackbone.load(model.weights, model.loadOptions())) {
            List<InsightRun.Result<Seen>> results = run.each(
                    files,
                    input -> new Seen(
                            backbone.embed(input), Thumbnails.of(input.file().orElseThrow(), THUMBNAIL_SIDE)));
            write(run, results);
        }
        return run.exitCode();
    }

    private static void write(InsightRun run, List<InsightRun.Result<Seen>> results) {
        EmbeddingMap map = EmbeddingMap.of(
                results.stream().map(result -> result.value().embedding()).toList());
        List<MapPage.Item> items = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        int dimension = results.get(0).value().embedding().length;
        float[] all = new float[results.size() * dimension];
        for (int i = 0; i < results.size(); i++) {
            Path file = results.get(i).file();
            EmbeddingMap.Place place = map.places().get(i);
            Path parent = file.toAbsolutePath().normalize().getParent();
            String group = parent == null || parent.getFileName() == null
                    ? ""
                    : parent.getFileName().toString();
            items.add(new MapPage.Item(
                    InsightRun.title(file),
                    group,
                    place.x(),
                    place.y(),
                    results.get(i).value().thumbnail()));
            rows.add(new Row(file.toString(), place.x(), place.y()));
            System.arraycopy(results.get(i).value().embedding(), 0, all, i * dimension, dimension);
        }
        List<Double> shares = map.varianceShares();
        String subtitle = String.format(
                Locale.ROOT,
                "%d files; across %.0f %%, down %.0f %% of the variance of their embeddings",
                items.size(),
                100 * shares.get(0),
                100 * shares.get(1));
        if (run.options().pictures()) {
            List<Scatter.Dot> dots = items.stream()
                    .map(item -> new Scatter.Dot(item.x(), item.y(), item.picture()))
                    .toList();
            Path target = run.directory().resolve("map.png");
            Panel panel = new Panel("", Scatter.paint(dots, PICTURE_SIDE));
            Png.write(target, SheetPainter.paint(new Sheet("Map of embeddings", subtitle, List.of(List.of(panel)))));
            run.wrote(target);
        }
        run.writePage("map", new Page("Map of embeddings", subtitle).markup(new MapPage(items)::html));
        run.writeJson("map", new Figures(shares, rows));
        run.writeArray(Path.of("map"), "embeddings", all, results.size(), dimension);
    }
}
