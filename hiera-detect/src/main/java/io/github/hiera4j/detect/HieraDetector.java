package io.github.hiera4j.detect;

import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.detect.checkpoint.DetectorDescription;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.detect.model.PictureMasks;
import io.github.hiera4j.detect.model.SessionNetwork;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.OutputRules;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.backend.SizedNetworks;
import io.github.hiera4j.model.weights.FiniteWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds objects in images, with their classes, boxes and masks, using Mask R-CNN on Hiera.
 *
 * <pre>{@code
 * try (HieraDetector detector = HieraDetector.load(Path.of("runs/detector/model"))) {
 *     for (Detection object : detector.detect(Path.of("street.jpg"))) {
 *         System.out.println(object.label() + " " + object.score());
 *     }
 * }
 * }</pre>
 *
 * <p>Safe to call from several threads. Holds native memory until it is closed; the results are plain Java objects. Closing waits for
 * calls in progress; later calls fail. Once {@link #load} has returned, the weight file is no longer needed, unless the detector
 * pads each image only as far as needed ({@link InputRules#square} is false): then every input size has a separate copy of the
 * weights, which is read when an image needs it, and {@link DetectorOptions#withKeptSizes} sets how many sizes are kept.
 */
public final class HieraDetector implements AutoCloseable {
    /** Images per batch. */
    private static final int BATCH = 4;

    private final DetectorDescription description;
    private final MaskRcnnConfig config;
    private final SizedNetworks<SizedDetector> networks;
    private final PictureInput input;
    private final String backend;
    private final @Nullable DetectorCheckpoint source; // kept open if each new size reads the weights again
    private final RunGuard guard = new RunGuard("the detector is closed: load it again to use it");

    private HieraDetector(DetectorCheckpoint checkpoint, MaskRcnnConfig config, DetectorOptions options) {
        this.description = checkpoint.description();
        this.config = config;
        this.input = new PictureInput(config, description.normalisation());
        Backend engine = options.engine();
        this.backend = engine.name();
        FiniteWeights weights = new FiniteWeights(checkpoint.weights());
        this.networks = new SizedNetworks<>(
                options.keptSizes(),
                size -> {
                    MaskRcnnConfig sized = config.withTrunk(config.trunk().resized(size.get(0), size.get(1)));
                    return new SizedDetector(
                            sized,
                            description.normalisation(),
                            SessionNetwork.compile(sized, weights, engine, options.compile()));
                },
                SizedDetector::close);
        this.source = config.input().square() ? null : checkpoint;
        networks.prepare(config.trunk().inputSize());
    }

    /**
     * Loads a detector with the preferred backend, in float32.
     *
     * @param checkpoint a weight file or a directory with one
     * @return the detector; the caller closes it
     */
    public static HieraDetector load(Path checkpoint) {
        return load(checkpoint, DetectorOptions.DEFAULT);
    }

    /**
     * Loads a detector.
     *
     * @param path a weight file or directory with Detectron2's or torchvision's names, see {@link DetectorCheckpoint}
     * @param options backend, precision and threshold
     * @return the detector; the caller closes it
     * @throws io.github.hiera4j.model.HieraException if there is no detector, or if it is damaged or not supported by the backend
     */
    public static HieraDetector load(Path path, DetectorOptions options) {
        DetectorCheckpoint checkpoint = DetectorCheckpoint.open(path);
        boolean kept = false;
        try {
            checkpoint.report().requireExact();
            MaskRcnnConfig stored = atInputSize(checkpoint.description().config());
            OutputRules rules = stored.output();
            HieraDetector detector = new HieraDetector(
                    checkpoint,
                    stored.withOutput(new OutputRules(
                            options.threshold().orElse(rules.smallestScore()),
                            rules.suppression(),
                            rules.most(),
                            rules.smallestSide(),
                            rules.clipped(),
                            rules.exactPaste())),
                    options);
            kept = detector.source != null;
            return detector;
        } finally {
            if (!kept) {
                checkpoint.close();
            }
        }
    }

    /**
     * {@return the settings with the trunk at the size that images are padded to: a square with the longest side; if images are
     * padded only as far as needed, the size of an image with the longest and the shortest side}
     *
     * @param stored the settings of the checkpoint
     */
    public static MaskRcnnConfig atInputSize(MaskRcnnConfig stored) {
        return stored.withTrunk(sized(stored));
    }

    private static Trunk sized(MaskRcnnConfig config) {
        Trunk trunk = config.trunk();
        if (trunk.windowed() == null) {
            return trunk;
        }
        InputRules rules = config.input();
        int width = roundedUp(rules.longest(), trunk.multiple());
        return trunk.resized(rules.square() ? width : roundedUp(rules.shortest(), trunk.multiple()), width);
    }

    private static int roundedUp(int length, int multiple) {
        return (length + multiple - 1) / multiple * multiple;
    }

    /** {@return the detector's settings; its trunk has the input size of {@link #atInputSize}} */
    public MaskRcnnConfig config() {
        return config;
    }

    /** {@return the class names by index} */
    public List<String> classNames() {
        return description.classNames();
    }

    /** {@return the backend that runs it} */
    public String backend() {
        return backend;
    }

    /**
     * {@return the objects in an image file, best first}
     *
     * @param file the file
     * @throws io.github.hiera4j.model.HieraException if the file cannot be read, or this detector is closed
     */
    public List<Detection> detect(Path file) {
        return detect(ImageReader.read(file));
    }

    /**
     * {@return the objects in an image, best first}
     *
     * @param image the image
     */
    public List<Detection> detect(Rgb8Image image) {
        return detectAll(List.of(image)).get(0);
    }

    /**
     * {@return the objects in each of several images, in the order of the images}
     *
     * @param images the images
     */
    public List<List<Detection>> detectAll(List<Rgb8Image> images) {
        Map<List<Integer>, List<Integer>> bySize = new LinkedHashMap<>();
        for (int i = 0; i < images.size(); i++) {
            Rgb8Image image = images.get(i);
            bySize.computeIfAbsent(input.paddedSize(image.height(), image.width()), size -> new ArrayList<>())
                    .add(i);
        }
        Map<Integer, List<Detection>> found = new HashMap<>();
        bySize.forEach((size, positions) -> {
            for (int from = 0; from < positions.size(); from += BATCH) {
                List<Integer> batch = positions.subList(from, Math.min(positions.size(), from + BATCH));
                List<Rgb8Image> pictures = batch.stream().map(images::get).toList();
                List<PictureMasks.Result> results =
                        guard.during(() -> networks.use(size, network -> network.run(pictures)));
                for (int i = 0; i < results.size(); i++) {
                    found.put(batch.get(i), named(results.get(i)));
                }
            }
        });
        return IntStream.range(0, images.size())
                .mapToObj(i -> Objects.requireNonNull(found.get(i)))
                .toList();
    }

    private List<Detection> named(PictureMasks.Result result) {
        List<Detection> detections = new ArrayList<>();
        Boxes boxes = result.detections().boxes();
        for (int i = 0; i < result.detections().size(); i++) {
            int label = result.detections().classes()[i];
            detections.add(new Detection(
                    description.classNames().get(label),
                    label,
                    description.categoryIds().get(label),
                    result.detections().scores()[i],
                    boxes.x1(i),
                    boxes.y1(i),
                    boxes.x2(i),
                    boxes.y2(i),
                    result.masks().get(i)));
        }
        return List.copyOf(detections);
    }

    /** {@return the bytes of native memory held between calls; 0 once it is closed} */
    public long nativeBytes() {
        return networks.sum(SizedDetector::nativeBytes);
    }

    /** Waits for calls in progress and frees the native memory; a second call has no effect. */
    @Override
    public void close() {
        guard.close(() -> {
            networks.close();
            if (source != null) {
                source.close();
            }
        });
    }
}
