package io.github.hiera4j.cli.insight;

import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.insight.attention.ViewAttention;
import io.github.hiera4j.api.insight.feature.FeatureGrid;
import io.github.hiera4j.api.insight.feature.FeatureModel;
import io.github.hiera4j.api.insight.picture.ColourMap;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Pictures;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.file.Path;
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

/** Compares one position with those of other files. */
@Command(
        name = "similar",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Compare the features at one pixel with those at all positions of other files.",
        footer = {
            "Similarity is the cosine of the angle between features: 1 is the same direction, 0 is unrelated. X and",
            "Y are pixels of the model input. The most similar position in each file is marked."
        })
public final class SimilarCommand implements Callable<Integer> {
    private static final Scale COSINE = new Scale(ColourMap.DIVERGING, -1, 1, "cosine similarity");
    private static final double OPACITY = 0.65;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "The image or video that contains the position.")
    Path image = Path.of("");

    @Parameters(index = "1", paramLabel = "X,Y", description = "A pixel in the model input.")
    String pixel = "";

    @Parameters(index = "2..*", arity = "1..*", paramLabel = "FILE", description = "Files to compare with.")
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

    /** The similarity maps of one file. */
    record Compared(List<Rgb8Image> frames, List<Grid> cosines) {}

    /** The most similar position in one file, in pixels of the model input. */
    record Row(String file, double cosine, int x, int y, int frame) {}

    @Override
    public Integer call() {
        ViewAttention.Pixel place = PixelText.parse(pixel);
        InsightRun run = new InsightRun(spec, out);
        try (FeatureModel features = FeatureModel.load(model.weights, model.insideOptions(), stage)) {
            HostTensor view = features.model().view(MediaInput.of(image));
            FeatureGrid own = features.features(view);
            int width = view.shape().size(-1);
            int height = view.shape().size(-2);
            float[] wanted = own.at(own.positionOf(place.x(), place.y(), width, height));
            List<InsightRun.Result<Compared>> results = new ArrayList<>();
            List<Rgb8Image> frames = features.model().pictures(view);
            results.add(new InsightRun.Result<>(image, new Compared(frames, own.cosines(wanted))));
            results.addAll(run.each(files, input -> {
                HostTensor other = features.model().view(input);
                return new Compared(
                        features.model().pictures(other),
                        features.features(other).cosines(wanted));
            }));
            write(run, results, place, features.stage());
        }
        return run.exitCode();
    }

    private void write(
            InsightRun run, List<InsightRun.Result<Compared>> results, ViewAttention.Pixel place, int usedStage) {
        List<InsightRun.Result<Sheet>> sheets = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            InsightRun.Result<Compared> result = results.get(i);
            Compared compared = result.value();
            int step = i == 0 ? compared.cosines().size() / 2 : best(compared.cosines());
            Grid cosines = compared.cosines().get(step);
            int number = step * compared.frames().size() / compared.cosines().size();
            Rgb8Image frame = compared.frames().get(number);
            int most = cosines.indexOfLargest();
            int x = i == 0 ? place.x() : middle(most % cosines.columns(), cosines.columns(), frame.width());
            int y = i == 0 ? place.y() : middle(most / cosines.columns(), cosines.rows(), frame.height());
            rows.add(new Row(result.file().toString(), cosines.values()[most], x, y, number));
            run.writeGrids(result.file(), i == 0 ? "own-cosine" : "cosine", compared.cosines());
            String caption = i == 0
                    ? "the position, and the file itself; stage " + usedStage
                    : String.format(Locale.ROOT, "most similar position: cosine %.3f", cosines.values()[most]);
            sheets.add(new InsightRun.Result<>(
                    result.file(),
                    new Sheet(
                            InsightRun.title(result.file()),
                            caption,
                            List.of(List.of(
                                    new Panel("input", Pictures.marked(frame, x, y)),
                                    new Panel(
                                            "similarity",
                                            Pictures.overlaid(frame, cosines, COSINE, OPACITY),
                                            COSINE))))));
        }
        run.writeSheets(
                "similar", "Similar to " + place.x() + "," + place.y() + " of " + InsightRun.title(image), sheets);
        run.writeJson("similar", rows);
    }

    private static int best(List<Grid> grids) {
        int best = 0;
        for (int i = 1; i < grids.size(); i++) {
            best = grids.get(i).largest() > grids.get(best).largest() ? i : best;
        }
        return best;
    }

    private static int middle(int cell, int cells, int pixels) {
        return (int) ((2L * cell + 1) * pixels / (2L * cells));
    }
}
