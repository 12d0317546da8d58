package io.github.hiera4j.cli.insight;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.api.insight.picture.Panel;
import io.github.hiera4j.api.insight.picture.Pictures;
import io.github.hiera4j.api.insight.picture.Png;
import io.github.hiera4j.api.insight.picture.Scale;
import io.github.hiera4j.api.insight.picture.Sheet;
import io.github.hiera4j.api.insight.picture.SheetPainter;
import io.github.hiera4j.api.insight.reconstruct.MaskChoice;
import io.github.hiera4j.api.insight.reconstruct.Reconstruction;
import io.github.hiera4j.api.insight.reconstruct.Reconstructor;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
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

/** Shows what a masked autoencoder reconstructs. */
@Command(
        name = "reconstruct",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show what a masked autoencoder reconstructs of images and videos.",
        footer = {
            "For each file: masked, reconstructed (every patch), reconstructed with the visible patches pasted in,",
            "original, and the error of each hidden patch. Hidden patches get the brightness and contrast of the",
            "hidden pixels, which the model does not predict; --as-predicted shows the raw prediction.",
            "For videos, an animated PNG and an MP4 of the middle clip are written."
        })
public final class ReconstructCommand implements Callable<Integer> {
    private static final int MOST_ROWS = 4;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images, videos, directories, quoted globs, or -.")
    List<String> files = List.of();

    @Mixin
    ModelOptions model = new ModelOptions();

    @Option(
            names = "--mask-ratio",
            paramLabel = "R",
            description = "Fraction of mask units to hide (default: 0.6 for images, 0.9 for videos).")
    @Nullable
    Double ratio;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random mask (default: 0).")
    @Nullable
    Long seed;

    @Option(
            names = "--seeds",
            paramLabel = "K",
            description =
                    "Draw K random masks, and show the mean and the deviation of the reconstructions (default: 1).")
    int seeds = 1;

    @Option(
            names = "--mask",
            paramLabel = "FILE.png",
            description = "Hide the mask units where this image is light, and show those where it is dark.")
    @Nullable
    Path mask;

    @Option(
            names = "--as-predicted",
            description =
                    "Show patches as the model predicts them, without the hidden pixels' brightness and contrast.")
    boolean asPredicted;

    @Mixin
    OutputOptions out = new OutputOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    /** The figures of one file. */
    record Row(String file, double loss, double maskRatio, int masks) {}

    @Override
    public Integer call() {
        checkCall(
                mask == null || (ratio == null && seed == null && seeds == 1),
                "--mask cannot be combined with --mask-ratio, --seed or --seeds");
        model.loading.engine.floatingOptions();
        MaskChoice choice =
                new MaskChoice(ratio, seed == null ? 0 : seed, seeds, mask == null ? null : ImageReader.read(mask));
        Reconstructor.Inverse inverse =
                asPredicted ? Reconstructor.Inverse.AS_PREDICTED : Reconstructor.Inverse.OWN_STATISTICS;
        InsightRun run = new InsightRun(spec, out);
        try (Reconstructor reconstructor = Reconstructor.load(model.weights, model.insideOptions(), choice)) {
            List<InsightRun.Result<Reconstruction>> results =
                    run.each(files, input -> reconstructor.reconstruct(input, inverse));
            write(run, results, reconstructor.millisecondsPerFrame());
        }
        return run.exitCode();
    }

    private void write(InsightRun run, List<InsightRun.Result<Reconstruction>> results, int milliseconds) {
        List<Grid> errors = new ArrayList<>();
        List<Grid> deviations = new ArrayList<>();
        results.forEach(result -> errors.addAll(result.value().error()));
        results.forEach(result -> deviations.addAll(result.value().uncertainty()));
        Scale error = Scale.amounts("squared error of a hidden patch, in normalised units", errors);
        Scale deviation = Scale.amounts("deviation over masks, in samples of 0 to 255", deviations);
        List<Row> rows = new ArrayList<>();
        List<Sheet> sheets = new ArrayList<>();
        for (InsightRun.Result<Reconstruction> result : results) {
            Reconstruction value = result.value();
            int frames = value.original().size();
            if (run.options().pictures()) {
                writePictures(run, result, error, deviation, milliseconds);
            }
            List<List<Panel>> panels = InsightRun.spread(frames, MOST_ROWS).stream()
                    .map(frame -> panels(value, frame, error, deviation))
                    .toList();
            sheets.add(new Sheet(InsightRun.title(result.file()), caption(value), panels));
            rows.add(new Row(result.file().toString(), value.loss(), share(value), seeds));
            run.writeArray(
                    result.file(),
                    "reconstruction",
                    value.pixels().toFloats(),
                    value.pixels().shape().sizes());
            run.writeGrids(result.file(), "error", value.error());
        }
        run.writePage("reconstruct", "Reconstructions", sheets);
        run.writeJson("reconstruct", rows);
    }

    private void writePictures(
            InsightRun run, InsightRun.Result<Reconstruction> result, Scale error, Scale deviation, int milliseconds) {
        Reconstruction value = result.value();
        int frames = value.original().size();
        List<Rgb8Image> pictures = new ArrayList<>();
        for (int frame = 0; frame < frames; frame++) {
            String time = frames == 1 ? "" : ", frame " + (frame + 1) + " of " + frames;
            pictures.add(SheetPainter.paint(new Sheet(
                    InsightRun.title(result.file()),
                    caption(value) + time,
                    List.of(panels(value, frame, error, deviation)))));
        }
        Path target = run.target(result.file(), ".png");
        if (frames == 1) {
            Png.write(target, pictures.get(0));
        } else {
            Png.writeAnimated(target, pictures, milliseconds);
            Path video = run.target(result.file(), ".mp4");
            VideoFile.write(video, pictures, milliseconds);
            run.wrote(video);
        }
        run.wrote(target);
    }

    private String caption(Reconstruction value) {
        return String.format(
                Locale.ROOT,
                "loss %.4f, %.0f %% hidden%s%s",
                value.loss(),
                100 * share(value),
                seeds == 1 ? "" : ", " + seeds + " masks",
                asPredicted ? ", as predicted" : "");
    }

    private static double share(Reconstruction value) {
        int hidden = 0;
        int all = 0;
        for (Grid grid : value.error()) {
            for (float error : grid.values()) {
                hidden += error > 0 ? 1 : 0;
                all++;
            }
        }
        return (double) hidden / all;
    }

    private List<Panel> panels(Reconstruction value, int frame, Scale error, Scale deviation) {
        Rgb8Image original = value.original().get(frame);
        List<Panel> panels = new ArrayList<>(List.of(
                new Panel("masked", value.masked().get(frame)),
                new Panel("reconstructed", value.predicted().get(frame)),
                new Panel("visible patches pasted", value.pasted().get(frame)),
                new Panel("original", original),
                new Panel("error", coloured(value.error().get(frame), original, error), error)));
        if (seeds > 1) {
            panels.add(new Panel("mean of " + seeds + " masks", value.mean().get(frame)));
            panels.add(
                    new Panel("uncertainty", coloured(value.uncertainty().get(frame), original, deviation), deviation));
        }
        return panels;
    }

    private static Rgb8Image coloured(Grid grid, Rgb8Image like, Scale scale) {
        return Pictures.coloured(grid.spread(like.height(), like.width()), scale);
    }
}
