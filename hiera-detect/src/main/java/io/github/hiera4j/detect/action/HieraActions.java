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
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.HieraConfig;
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

/**
 * An action model with its weights, which recognises the actions of each person in a video at a given time.
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
 * <p>Safe to call from several threads. Holds native memory until it is closed; the results are plain Java objects. Closing waits for
 * calls in progress; later calls fail.
 */
public final class HieraActions implements AutoCloseable {
    private static final int MOST_PERSONS = 1024;

    private final ActionNetwork network;
    private final ActionFile description;
    private final ActionTransform transform;
    private final int frameStride;
    private final String backend;
    private final ActionSessions sessions;

    private HieraActions(
            ActionNetwork network,
            ActionFile description,
            ActionTransform transform,
            int frameStride,
            Backend engine,
            ActionSessions sessions) {
        this.network = network;
        this.description = description;
        this.transform = transform;
        this.frameStride = frameStride;
        this.backend = engine.name();
        this.sessions = sessions;
    }

    /**
     * A possible action of a person.
     *
     * @param id class id in the label map
     * @param name name of the action
     * @param probability 0 to 1; several actions may be likely at once
     */
    public record Action(int id, String name, double probability) {}

    /**
     * A person and their actions.
     *
     * @param box x1, y1, x2, y2 as fractions of the frame
     * @param actions all actions that the model reports, most likely first
     */
    public record Found(double[] box, List<Action> actions) {
        /**
         * Copies the collections.
         *
         * @param box x1, y1, x2, y2 as fractions of the frame
         * @param actions all actions that the model reports, most likely first
         */
        public Found {
            actions = List.copyOf(actions);
        }
    }

    /**
     * Loads a model with the preferred backend, in float32.
     *
     * @param model the directory written by {@code hiera actions-train}, or the weights in it
     * @return the model; the caller closes it
     */
    public static HieraActions load(Path model) {
        return load(model, Backends.preferred(CompileOptions.DEFAULT), CompileOptions.DEFAULT);
    }

    /**
     * Loads a model.
     *
     * @param model the directory written by {@code hiera actions-train}, or the weights in it
     * @param engine the backend
     * @param options precision, device and threads
     * @return the model; the caller closes it
     * @throws io.github.hiera4j.model.HieraException if there is no action model, or if it is damaged or not supported by the backend
     */
    public static HieraActions load(Path model, Backend engine, CompileOptions options) {
        check(
                !DetectorCheckpoint.isDetector(model),
                "%s: is a detector, expected an action model; use the detector to find persons for an action model",
                model);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            HieraConfig config = checkpoint.requireHiera("action localisation").encoder();
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
                    .orElseThrow(() -> new HieraException(
                            model + ": hiera4j.json, which describes the preprocessing of clips, is missing"));
            int stride = hints.views().map(PreprocessHints.Views::frameStride).orElse(4);
            ActionSessions sessions = ActionSessions.compile(network, engine, weights, options);
            return new HieraActions(network, description, transform(config, hints), stride, engine, sessions);
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

    /** {@return the model} */
    public HieraConfig config() {
        return network.config();
    }

    /** {@return the backend that runs it} */
    public String backend() {
        return backend;
    }

    /** {@return the names of the reported actions, by class id} */
    public Map<Integer, String> names() {
        Map<Integer, String> names = new TreeMap<>(description.names());
        names.keySet().retainAll(description.evaluated());
        return names;
    }

    /**
     * Returns the actions of persons at a given time in a video file.
     *
     * @param video the video file
     * @param second time from the start of the file
     * @param boxes x1, y1, x2, y2 of each person as fractions of the frame
     * @return one result per box, in their order
     */
    public List<Found> actions(Path video, double second, List<double[]> boxes) {
        try (VideoReader reader = VideoReader.open(video)) {
            return actions(reader, second, boxes);
        }
    }

    /**
     * {@return the actions of persons at a given time in an open video, which is faster for several times}
     *
     * @param video an open video
     * @param second time from the start of the file
     * @param boxes x1, y1, x2, y2 of each person as fractions of the frame
     */
    public List<Found> actions(VideoReader video, double second, List<double[]> boxes) {
        Clip clip = new Clip(
                0,
                frameStride / ClipSampler.TRAINING_FRAME_RATE,
                network.config().inputSize().get(0));
        return actions(KeyFrameSource.read(video, second, duration -> clip), boxes);
    }

    /**
     * Returns the actions of persons in the middle of a clip.
     *
     * @param frames frames of equal size, in the number that {@link #config} specifies
     * @param boxes x1, y1, x2, y2 of each person as fractions of the frame
     * @return one result per box, in their order
     * @throws io.github.hiera4j.model.HieraException if a box is invalid, or if this model is closed
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
        return found(boxes, sessions.scores(pixels, Boxes.of(corners)));
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

    private List<Found> found(List<double[]> boxes, float[] scores) {
        int actions = network.config().numClasses();
        List<Found> all = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++) {
            all.add(new Found(boxes.get(i).clone(), actions(scores, i * actions)));
        }
        return List.copyOf(all);
    }

    private List<Action> actions(float[] scores, int from) {
        List<Action> actions = new ArrayList<>();
        for (int id : description.evaluated()) {
            float score = scores[from + id - 1];
            check(Float.isFinite(score), "the model returned a score that is not finite");
            actions.add(
                    new Action(id, Objects.requireNonNull(description.names().get(id)), score));
        }
        actions.sort(Comparator.comparingDouble(Action::probability)
                .reversed()
                .thenComparing(Comparator.comparingInt(Action::id)));
        return actions;
    }

    /** {@return the bytes of native memory held between calls} */
    public long nativeBytes() {
        return sessions.nativeBytes();
    }

    /** Waits for calls in progress and frees the native memory; a second call has no effect. */
    @Override
    public void close() {
        sessions.close();
    }
}
