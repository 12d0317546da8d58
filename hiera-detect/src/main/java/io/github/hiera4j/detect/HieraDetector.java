package io.github.hiera4j.detect;

import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.detect.checkpoint.DetectorDescription;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.detect.model.MaskRcnnInference;
import io.github.hiera4j.detect.model.MaskRcnnInference.Extent;
import io.github.hiera4j.detect.model.PictureInput;
import io.github.hiera4j.detect.model.PictureMasks;
import io.github.hiera4j.detect.model.RawDetections;
import io.github.hiera4j.detect.model.SessionNetwork;
import io.github.hiera4j.detect.network.InputRules;
import io.github.hiera4j.detect.network.MaskRcnnConfig;
import io.github.hiera4j.detect.network.OutputRules;
import io.github.hiera4j.detect.network.Trunk;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.FiniteWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds objects in pictures: their classes, boxes and masks, with Mask R-CNN on Hiera.
 *
 * <pre>{@code
 * try (HieraDetector detector = HieraDetector.load(Path.of("runs/detector/model"))) {
 *     for (Detection object : detector.detect(Path.of("street.jpg"))) {
 *         System.out.println(object.label() + " " + object.score());
 *     }
 * }
 * }</pre>
 *
 * <p>Safe to call from several threads. Holds native memory until it is closed; what it returns is plain Java. Closing waits for
 * calls that are under way; later calls fail. Once {@link #load} has returned, the weight file is no longer needed.
 */
public final class HieraDetector implements AutoCloseable {
    /** Pictures that the network sees at once. */
    private static final int BATCH = 4;

    private final DetectorDescription description;
    private final MaskRcnnConfig config;
    private final SessionNetwork network;
    private final MaskRcnnInference inference;
    private final PictureInput input;
    private final String backend;
    private final RunGuard guard = new RunGuard("the detector is closed: load it again to use it");

    private HieraDetector(
            DetectorDescription description, MaskRcnnConfig config, SessionNetwork network, String backend) {
        this.description = description;
        this.config = config;
        this.network = network;
        this.backend = backend;
        this.inference = new MaskRcnnInference(config);
        this.input = new PictureInput(config, description.normalisation());
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
     * @throws io.github.hiera4j.model.HieraException if it holds no detector, a damaged one, or one that the backend cannot run
     */
    public static HieraDetector load(Path path, DetectorOptions options) {
        try (DetectorCheckpoint checkpoint = DetectorCheckpoint.open(path)) {
            checkpoint.report().requireExact();
            MaskRcnnConfig stored = checkpoint.description().config();
            MaskRcnnConfig config = atInputSize(stored);
            OutputRules rules = config.output();
            config = config.withOutput(new OutputRules(
                    options.threshold().orElse(rules.smallestScore()),
                    rules.suppression(),
                    rules.most(),
                    rules.smallestSide(),
                    rules.clipped(),
                    rules.exactPaste()));
            Backend engine = options.engine();
            SessionNetwork network =
                    SessionNetwork.compile(config, new FiniteWeights(checkpoint.weights()), engine, options.compile());
            return new HieraDetector(checkpoint.description(), config, network, engine.name());
        }
    }

    /**
     * {@return the settings with the trunk at the input size that all pictures are padded to}
     *
     * @param stored the settings of the checkpoint
     */
    public static MaskRcnnConfig atInputSize(MaskRcnnConfig stored) {
        return stored.withTrunk(sized(stored));
    }

    /** One input size for all pictures, square: the longest side, rounded up to what the trunk can take. */
    private static Trunk sized(MaskRcnnConfig config) {
        Trunk trunk = config.trunk();
        if (trunk.windowed() == null) {
            return trunk;
        }
        InputRules rules = config.input();
        int multiple = trunk.multiple();
        int side = (rules.longest() + multiple - 1) / multiple * multiple;
        return trunk.resized(side, side);
    }

    /** {@return the detector's settings; its trunk has the input size that pictures are padded to} */
    public MaskRcnnConfig config() {
        return config;
    }

    /** {@return names of the classes by index} */
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
     * {@return the objects in a picture, best first}
     *
     * @param image the picture
     */
    public List<Detection> detect(Rgb8Image image) {
        return detectAll(List.of(image)).get(0);
    }

    /**
     * {@return the objects in each of several pictures, in their order}
     *
     * @param images the pictures
     */
    public List<List<Detection>> detectAll(List<Rgb8Image> images) {
        List<List<Detection>> all = new ArrayList<>();
        for (int from = 0; from < images.size(); from += BATCH) {
            List<Rgb8Image> batch = images.subList(from, Math.min(images.size(), from + BATCH));
            all.addAll(guard.during(() -> run(batch)));
        }
        return List.copyOf(all);
    }

    private List<List<Detection>> run(List<Rgb8Image> images) {
        List<Integer> size = config.trunk().inputSize();
        HostTensor pixels = HostTensor.allocate(DType.FLOAT32, Shape.of(images.size(), 3, size.get(0), size.get(1)));
        List<Extent> extents = new ArrayList<>();
        for (Rgb8Image image : images) {
            input.write(image, pixels.floats(), extents.size() * pixels.elements() / images.size());
            extents.add(input.extent(image.height(), image.width()));
        }
        List<RawDetections> found = inference.run(network, pixels, extents);
        List<List<Detection>> results = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            Extent picture = new Extent(images.get(i).height(), images.get(i).width());
            results.add(named(PictureMasks.of(config, found.get(i), extents.get(i), picture)));
        }
        return results;
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

    /** {@return bytes of native memory held between calls; 0 once it is closed} */
    public long nativeBytes() {
        return network.nativeBytes();
    }

    /** Waits for calls that are under way and frees the native memory; a second call does nothing. */
    @Override
    public void close() {
        guard.close(network::close);
    }
}
