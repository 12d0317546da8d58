package io.github.hiera4j.cli.detect;

import static io.github.hiera4j.cli.options.WrongCallException.checkCall;
import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.cli.files.InputFiles;
import io.github.hiera4j.cli.files.OutputNames;
import io.github.hiera4j.cli.options.EngineOptions;
import io.github.hiera4j.cli.terminal.Output;
import io.github.hiera4j.detect.Detection;
import io.github.hiera4j.detect.DetectionRow;
import io.github.hiera4j.detect.DetectorOptions;
import io.github.hiera4j.detect.HieraDetector;
import io.github.hiera4j.detect.coco.CocoDataset;
import io.github.hiera4j.detect.coco.CocoImage;
import io.github.hiera4j.detect.coco.CocoReader;
import io.github.hiera4j.detect.coco.CocoResult;
import io.github.hiera4j.detect.coco.CocoResults;
import io.github.hiera4j.detect.picture.DetectionPicture;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.DecodedImage;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.HieraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Detects objects in images. */
@Command(
        name = "detect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Find objects: class, score, box and mask of each, with a Mask R-CNN on Hiera.",
        footer = {
            "--json prints one object per image: file, size and detections with box [x1, y1, x2, y2] and",
            "COCO run lengths. --coco writes COCO's result format: image ids are looked up by file name in",
            "--annotations, or count from 1. --draw writes FILE.png with masks, boxes and labels; images below",
            "640 pixels are enlarged by a whole factor so that labels are readable."
        })
public final class DetectCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Images, directories, globs, or - for a list.")
    List<String> files;

    @Option(
            names = {"-w", "--weights"},
            required = true,
            paramLabel = "W",
            description = "A detector's checkpoint.")
    Path weights;

    @Option(
            names = "--threshold",
            paramLabel = "SCORE",
            description = "Report detections with a higher score (default: 0.5; 0.05 with --coco).")
    @Nullable
    Double threshold;

    @Option(names = "--json", description = "Print one JSON object per image.")
    boolean json;

    @Option(names = "--coco", paramLabel = "OUT.json", description = "Write the detections in COCO's result format.")
    @Nullable
    Path coco;

    @Option(
            names = "--annotations",
            paramLabel = "A.json",
            description = "Annotation file with the image ids for --coco.")
    @Nullable
    Path annotations;

    @Option(names = "--draw", paramLabel = "DIR", description = "Write the images with their detections drawn.")
    @Nullable
    Path draw;

    @Mixin
    EngineOptions engine;

    @Spec
    CommandSpec spec;

    private final List<CocoResult> results = new ArrayList<>();
    private final Map<String, Long> imageIds = new HashMap<>();
    private final OutputNames names = new OutputNames();
    private int pictures;
    private int failures;

    @Override
    public Integer call() {
        checkCall(annotations == null || coco != null, "--annotations supplies the image ids for --coco: add --coco");
        DetectorOptions options = options();
        Output output = new Output(spec);
        if (annotations != null) {
            readImageIds(annotations);
        }
        createDirectory();
        try (HieraDetector detector = HieraDetector.load(weights, options);
                Stream<Path> inputs = new InputFiles(message -> {
                            failures++;
                            output.note(message);
                        })
                        .expand(files)) {
            inputs.forEach(file -> detect(detector, file, output));
        }
        check(pictures > 0, "no image could be read");
        if (coco != null) {
            CocoResults.write(coco, results);
        }
        return failures == 0 ? 0 : 1;
    }

    private void readImageIds(Path file) {
        CocoDataset data = CocoReader.read(file);
        for (CocoImage image : data.images()) {
            imageIds.put(image.fileName(), image.id());
        }
    }

    private void createDirectory() {
        if (draw != null) {
            try {
                Files.createDirectories(draw);
            } catch (IOException e) {
                throw new HieraException(draw + ": cannot be created: " + e.getMessage(), e);
            }
        }
    }

    private DetectorOptions options() {
        double smallest = threshold != null ? threshold : coco != null ? .05 : .5;
        DetectorOptions options =
                DetectorOptions.DEFAULT.withCompile(engine.floatingOptions()).withThreshold(smallest);
        Optional<String> backend = engine.backendName();
        return backend.isPresent() ? options.withBackend(backend.get()) : options;
    }

    /** Reports and skips a file that cannot be read. */
    private void detect(HieraDetector detector, Path file, Output output) {
        Rgb8Image image;
        try {
            DecodedImage decoded = ImageReader.decode(file);
            decoded.warnings().forEach(warning -> output.note("warning: " + warning));
            image = decoded.image();
        } catch (HieraException fault) {
            failures++;
            output.note(String.valueOf(fault.getMessage()));
            return;
        }
        List<Detection> detections = detector.detect(image);
        pictures++;
        print(file, image, detections, output);
        if (coco != null) {
            collect(file, detections);
        }
        if (draw != null) {
            DetectionPicture.write(draw.resolve(names.of(file, ".png")), DetectionPicture.enlarged(image, detections));
        }
    }

    private void collect(Path file, List<Detection> detections) {
        long id = pictures;
        if (annotations != null) {
            Long known = imageId(file);
            check(known != null, "%s: not among the images of %s", file, annotations);
            id = java.util.Objects.requireNonNull(known);
        }
        for (Detection detection : detections) {
            results.add(
                    new CocoResult(id, detection.categoryId(), detection.score(), xywh(detection), detection.mask()));
        }
    }

    /** Returns the id of the image whose file name is the end of the path. */
    private @Nullable Long imageId(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        for (int from = absolute.getNameCount() - 1; from >= 0; from--) {
            String end =
                    absolute.subpath(from, absolute.getNameCount()).toString().replace('\\', '/');
            Long id = imageIds.get(end);
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    private static double[] xywh(Detection detection) {
        return new double[] {
            detection.x1(), detection.y1(), detection.x2() - detection.x1(), detection.y2() - detection.y1()
        };
    }

    private void print(Path file, Rgb8Image image, List<Detection> detections, Output output) {
        if (json) {
            output.json(object(file, image, detections));
            return;
        }
        output.line(file + ": " + (detections.isEmpty() ? "nothing found" : detections.size() + " found"));
        List<List<String>> rows = new ArrayList<>();
        for (Detection detection : detections) {
            rows.add(List.of(
                    detection.label(),
                    String.format(Locale.ROOT, "%.3f", detection.score()),
                    String.format(Locale.ROOT, "%.1f,%.1f", detection.x1(), detection.y1()),
                    String.format(Locale.ROOT, "%.1f,%.1f", detection.x2(), detection.y2()),
                    Long.toString(detection.mask().area())));
        }
        if (!rows.isEmpty()) {
            output.table(List.of("class", "score", "left,top", "right,bottom", "pixels"), rows);
        }
    }

    private static Map<String, Object> object(Path file, Rgb8Image image, List<Detection> detections) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("file", file.toString());
        row.putAll(DetectionRow.of(image.height(), image.width(), detections));
        return row;
    }
}
