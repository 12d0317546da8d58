package io.github.hiera4j.detect.action;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.detect.checkpoint.DetectorCheckpoint;
import io.github.hiera4j.detect.geometry.Boxes;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.media.resample.Interpolation;
import io.github.hiera4j.media.video.Clip;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.media.video.VideoReader;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.config.PreprocessHints;
import io.github.hiera4j.train.data.Placement;
import io.github.hiera4j.train.optimize.Randomness;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * An action model with its weights: says what each person of a video does at a moment.
 *
 * <pre>{@code
 * try (HieraActions model = HieraActions.load(Path.of("runs/ava/model"))) {
 *     List<double[]> persons = List.of(new double[] {0.1, 0.2, 0.4, 0.9});  // fractions of the frame
 *     for (HieraActions.Found person : model.actions(Path.of("film.mp4"), 12.0, persons)) {
 *         System.out.println(person.actions().get(0));
 *     }
 * }
 * }</pre>
 *
 * <p>Safe to call from several threads. Holds native memory until it is closed; what it returns is plain Java. Closing waits for
 * calls that are under way; later calls fail.
 */
public final class HieraActions implements AutoCloseable {
    private static final int MOST_PERSONS = 1024;
    private static final int MOST_BOXES_AT_ONCE = 64;

    private final ActionNetwork network;
    private final ActionFile description;
    private final ActionTransform transform;
    private final int frameStride;
    private final String backend;
    private final Session trunk;
    private final Session head;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private HieraActions(
            ActionNetwork network,
            ActionFile description,
            ActionTransform transform,
            int frameStride,
            Backend engine,
            Session trunk,
            Session head) {
        this.network = network;
        this.description = description;
        this.transform = transform;
        this.frameStride = frameStride;
        this.backend = engine.name();
        this.trunk = trunk;
        this.head = head;
    }

    /**
     * What one person may be doing.
     *
     * @param id class id of the label map
     * @param name of the action
     * @param probability 0 to 1; several actions may be likely at once
     */
    public record Action(int id, String name, double probability) {}

    /**
     * A person and their actions.
     *
     * @param box x1, y1, x2, y2 as fractions of the frame
     * @param actions all that the model reports, the likeliest first
     */
    public record Found(double[] box, List<Action> actions) {
        public Found {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Loads a model with the preferred backend, in float32.
     *
     * @param model the directory that {@code hiera actions-train} wrote, or the weights in it
     */
    public static HieraActions load(Path model) {
        return load(model, Backends.preferred(CompileOptions.DEFAULT), CompileOptions.DEFAULT);
    }

    /**
     * Loads a model.
     *
     * @param model the directory that {@code hiera actions-train} wrote, or the weights in it
     * @throws io.github.hiera4j.model.HieraException if it holds no action model, a damaged one, or one that the backend cannot run
     */
    public static HieraActions load(Path model, Backend engine, CompileOptions options) {
        check(
                !DetectorCheckpoint.isDetector(model),
                "%s: is a detector, expected an action model; a detector can find the persons for one",
                model);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            HieraConfig config = checkpoint.config().encoder();
            check(
                    config.isVideo() && config.numClasses() > 0 && config.inChans() == 3,
                    "%s: expected an action model, got one with input_size %s and %d classes",
                    model,
                    config.inputSize(),
                    config.numClasses());
            ActionFile description = ActionFile.beside(checkpoint.path(), config.numClasses());
            checkpoint.report().requireExact();
            ActionNetwork network = new ActionNetwork(config);
            FiniteWeights weights = new FiniteWeights(checkpoint.weights());
            PreprocessHints hints = checkpoint
                    .preprocessHints()
                    .orElseThrow(() -> new io.github.hiera4j.model.HieraException(
                            model + ": says nothing about the preparation of clips: hiera4j.json is missing"));
            int stride = hints.views().map(PreprocessHints.Views::frameStride).orElse(4);
            Session trunk = engine.compile(network.trunkGraph(), weights, options);
            try {
                Session head = engine.compile(network.headGraph(), weights, options);
                return new HieraActions(network, description, transform(config, hints), stride, engine, trunk, head);
            } catch (RuntimeException | Error failure) {
                trunk.close();
                throw failure;
            }
        }
    }

    private static ActionTransform transform(HieraConfig config, PreprocessHints hints) {
        List<Integer> size = config.inputSize();
        return new ActionTransform(
                size.get(1),
                size.get(2),
                1,
                1,
                0,
                Interpolation.parse(hints.interpolation()),
                new Normalisation(hints.mean(), hints.std()),
                false);
    }

    /** The model. */
    public HieraConfig config() {
        return network.config();
    }

    /** The backend that runs it. */
    public String backend() {
        return backend;
    }

    /** Names of the actions that are reported, by class id. */
    public Map<Integer, String> names() {
        Map<Integer, String> names = new TreeMap<>(description.names());
        names.keySet().retainAll(description.evaluated());
        return names;
    }

    /**
     * What persons do at one moment of a video file.
     *
     * @param second of the file
     * @param boxes x1, y1, x2, y2 of each person as fractions of the frame
     * @return one result per box, in their order
     */
    public List<Found> actions(Path video, double second, List<double[]> boxes) {
        try (VideoReader reader = VideoReader.open(video)) {
            return actions(reader, second, boxes);
        }
    }

    /** The same for a video that is open: several moments of it are asked for. */
    public List<Found> actions(VideoReader video, double second, List<double[]> boxes) {
        Clip clip = new Clip(
                0,
                frameStride / ClipSampler.TRAINING_FRAME_RATE,
                network.config().inputSize().get(0));
        return actions(KeyFrameSource.read(video, second, duration -> clip), boxes);
    }

    /**
     * What persons do in the middle of a clip.
     *
     * @param frames of one size; their number is that of {@link #config}
     * @param boxes x1, y1, x2, y2 of each person as fractions of the frame
     * @return one result per box, in their order
     * @throws io.github.hiera4j.model.HieraException if a box is not one, or if this model is closed
     */
    public List<Found> actions(List<Rgb8Image> frames, List<double[]> boxes) {
        int wanted = network.config().inputSize().get(0);
        check(frames.size() == wanted, "expected a clip of %d frames, got %d", wanted, frames.size());
        check(boxes.size() <= MOST_PERSONS, "expected at most %d boxes, got %d", MOST_PERSONS, boxes.size());
        boxes.forEach(HieraActions::checkBox);
        if (boxes.isEmpty()) {
            return List.of();
        }
        HostTensor pixels = HostTensor.allocate(DType.FLOAT32, inputShape());
        FloatBuffer target = pixels.floats();
        Placement placement =
                transform.writePlaced(frames, target, 0, Randomness.of(0)).orElseThrow();
        double[] corners = new double[4 * boxes.size()];
        for (int i = 0; i < boxes.size(); i++) {
            System.arraycopy(ActionBoxes.inInput(boxes.get(i), placement), 0, corners, 4 * i, 4);
        }
        return open(() -> found(boxes, map(pixels), Boxes.of(corners)));
    }

    private Shape inputShape() {
        List<Integer> size = network.config().inputSize();
        return Shape.of(1, network.config().inChans(), size.get(0), size.get(1), size.get(2));
    }

    private static void checkBox(double[] box) {
        boolean valid = box.length == 4 && Arrays.stream(box).allMatch(Double::isFinite);
        check(
                valid && box[0] < box[2] && box[1] < box[3] && box[0] < 1 && box[1] < 1 && box[2] > 0 && box[3] > 0,
                "expected a box x1, y1, x2, y2 in fractions of the frame, got %s",
                Arrays.toString(box));
    }

    private float[] map(HostTensor pixels) {
        return Objects.requireNonNull(
                        trunk.run(Map.of(HieraEncoder.INPUT, pixels)).get(ActionNetwork.MAP))
                .toFloats();
    }

    private List<Found> found(List<double[]> boxes, float[] map, Boxes placed) {
        List<Found> all = new ArrayList<>();
        for (int first = 0; first < boxes.size(); first += MOST_BOXES_AT_ONCE) {
            int count = Math.min(MOST_BOXES_AT_ONCE, boxes.size() - first);
            int[] positions = new int[count];
            int from = first;
            Arrays.setAll(positions, i -> from + i);
            float[] scores = scores(map, placed.select(positions));
            int actions = network.config().numClasses();
            for (int i = 0; i < count; i++) {
                all.add(new Found(boxes.get(first + i).clone(), actions(scores, i * actions)));
            }
        }
        return List.copyOf(all);
    }

    private float[] scores(float[] map, Boxes boxes) {
        int cells = network.mapHeight() * network.mapWidth();
        int count = boxes.size();
        float[] repeated = new float[count * map.length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(map, 0, repeated, i * map.length, map.length);
        }
        double[] matrices = network.interpolation(boxes);
        float[] interpolation = new float[matrices.length];
        for (int i = 0; i < matrices.length; i++) {
            interpolation[i] = (float) matrices[i];
        }
        Map<String, HostTensor> feeds = Map.of(
                ActionNetwork.MAP,
                HostTensor.of(Shape.of(count, cells, map.length / cells), repeated),
                ActionNetwork.INTERPOLATION,
                HostTensor.of(Shape.of(count, ActionNetwork.BINS, cells), interpolation));
        return Objects.requireNonNull(
                        head.run(feeds, List.of(ActionNetwork.SCORES)).get(ActionNetwork.SCORES))
                .toFloats();
    }

    private List<Action> actions(float[] scores, int from) {
        List<Action> actions = new ArrayList<>();
        for (int id : description.evaluated()) {
            float score = scores[from + id - 1];
            check(Float.isFinite(score), "the model gave a score that is not finite");
            actions.add(
                    new Action(id, Objects.requireNonNull(description.names().get(id)), score));
        }
        actions.sort(Comparator.comparingDouble(Action::probability)
                .reversed()
                .thenComparing(Comparator.comparingInt(Action::id)));
        return actions;
    }

    private <T> T open(Supplier<T> work) {
        lock.readLock().lock();
        try {
            check(!closed, "the action model is closed");
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Bytes of native memory held between calls. */
    public long nativeBytes() {
        return open(() -> trunk.nativeBytes() + head.nativeBytes());
    }

    /** Waits for calls that are under way and frees the native memory; a second call does nothing. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                head.close();
                trunk.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
