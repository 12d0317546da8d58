package io.github.hiera4j.cli.segment;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;

import io.github.hiera4j.api.segment.EmbeddedImage;
import io.github.hiera4j.api.segment.HieraSegmenter;
import io.github.hiera4j.api.segment.Mask;
import io.github.hiera4j.api.segment.MaskFiles;
import io.github.hiera4j.api.segment.MaskPictures;
import io.github.hiera4j.api.segment.Prompt;
import io.github.hiera4j.api.segment.SegmenterOptions;
import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.DecodedImage;
import io.github.hiera4j.media.image.ImageReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Segments objects with SAM 2. */
@Command(
        name = "segment",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Segment the object marked by points and boxes, or everything, with a SAM 2 model.",
        footer = {
            "All --point and --box options together describe one object. The masks are printed as",
            "one JSON object per line with --json, or written to OUT: FILE.json contains COCO run",
            "lengths, FILE.png the mask in white; --overlay writes the image with its masks in colour."
        })
public final class SegmentCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "An image.")
    Path file;

    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "W",
            description = "A SAM 2 or SAM 2.1 checkpoint.")
    Path weights;

    @Option(
            names = "--point",
            paramLabel = "X,Y[:0]",
            description = "A point on the object, in pixels; with :0, a point outside it. Repeatable.")
    List<String> points = new ArrayList<>();

    @Option(names = "--box", paramLabel = "X,Y,X,Y", description = "A box around the object: left, top, right, bottom.")
    @Nullable
    String box;

    @Option(
            names = "--alternatives",
            description = "Return three masks instead of one: a part, the whole object, or more.")
    boolean alternatives;

    @Option(names = "--automatic", description = "Segment everything, without prompts.")
    boolean automatic;

    @Mixin
    AutomaticOptions everything;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "OUT",
            description = "The file to write: a mask as PNG, or all masks as JSON.")
    @Nullable
    Path out;

    @Option(names = "--overlay", paramLabel = "FILE.png", description = "Write the image with the masks in colour.")
    @Nullable
    Path overlay;

    @Option(names = "--json", description = "Print one JSON object per line, as in COCO files.")
    boolean json;

    @Option(
            names = "--config",
            paramLabel = "CONFIG.json",
            description = "Configuration of the model from transformers, for weights of an unpublished model.")
    @Nullable
    Path config;

    @Mixin
    EngineOptions engine;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        checkOptions();
        SegmenterOptions options = options();
        DecodedImage decoded = ImageReader.decode(file);
        decoded.warnings().forEach(warning -> new Output(spec).note("warning: " + warning));
        Rgb8Image image = decoded.image();
        Prompt prompt = automatic ? null : PromptText.parse(points, box, alternatives);
        List<Mask> masks;
        try (HieraSegmenter segmenter = HieraSegmenter.load(weights, options)) {
            masks = prompt == null
                    ? segmenter.segmentEverything(image, everything.settings())
                    : prompted(segmenter, image, prompt);
        }
        write(image, masks);
        print(masks);
        return 0;
    }

    private void checkOptions() {
        boolean prompted = !points.isEmpty() || box != null;
        checkCall(automatic || prompted, "nothing to segment: add --point X,Y, --box X,Y,X,Y or --automatic");
        checkCall(
                !automatic || (!prompted && !alternatives),
                "--automatic cannot be combined with --point, --box or --alternatives");
        checkCall(automatic || everything.isDefault(), "options of the automatic search need --automatic");
        Path target = out;
        checkCall(
                target == null || hasEnding(target, ".png") || hasEnding(target, ".json"),
                "--out must end with .png or .json, got %s",
                String.valueOf(target));
        checkCall(
                target == null || !automatic || hasEnding(target, ".json"),
                "--automatic finds many masks: --out must end with .json; for an image use --overlay");
        checkCall(
                overlay == null || hasEnding(overlay, ".png"),
                "--overlay must end with .png, got %s",
                String.valueOf(overlay));
    }

    private static boolean hasEnding(Path path, String ending) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(ending);
    }

    private SegmenterOptions options() {
        SegmenterOptions options = SegmenterOptions.DEFAULT.withCompile(engine.floatingOptions());
        Optional<String> backend = engine.backendName();
        if (backend.isPresent()) {
            options = options.withBackend(backend.get());
        }
        return config == null ? options : options.withConfig(config);
    }

    private static List<Mask> prompted(HieraSegmenter segmenter, Rgb8Image image, Prompt prompt) {
        EmbeddedImage embedded = segmenter.embed(image);
        return segmenter.segment(embedded, prompt);
    }

    private void write(Rgb8Image image, List<Mask> masks) {
        if (out != null && hasEnding(out, ".json")) {
            MaskFiles.writeCoco(out, String.valueOf(file.getFileName()), image.height(), image.width(), masks);
        } else if (out != null) {
            MaskFiles.writePng(out, MaskPictures.blackAndWhite(masks.get(0)));
        }
        if (overlay != null) {
            MaskFiles.writePng(overlay, MaskPictures.overlay(image, masks));
        }
    }

    private void print(List<Mask> masks) {
        Output output = new Output(spec);
        if (json) {
            masks.forEach(mask -> output.json(MaskFiles.coco(mask)));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (Mask mask : masks) {
            double[] around = mask.boundingBox();
            rows.add(List.of(
                    Integer.toString(rows.size() + 1),
                    Long.toString(mask.area()),
                    String.format(Locale.ROOT, "%.0f,%.0f", around[0], around[1]),
                    String.format(Locale.ROOT, "%.0f x %.0f", around[2], around[3]),
                    String.format(Locale.ROOT, "%.3f", mask.quality()),
                    String.format(Locale.ROOT, "%.3f", mask.stability())));
        }
        output.table(List.of("mask", "pixels", "left,top", "size", "quality", "stability"), rows);
    }
}
