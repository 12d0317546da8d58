package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.internal.ChunkReader;
import io.github.hiera4j.api.internal.FiniteValues;
import io.github.hiera4j.api.internal.ViewPictures;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.FramePreprocess;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.preprocess.KineticsFrames;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.GradientEngine;
import io.github.hiera4j.model.backend.GradientSession;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.transfer.ResizedWeights;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.WeightSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's network with outputs of the caller's choice, and the preparation of its inputs: the basis of programs that look
 * inside a model. {@link HieraClassifier} and {@link HieraBackbone} return the usual results more conveniently.
 *
 * <p>Safe to call from several threads. Holds native memory until it is closed; everything it returns is plain Java.
 */
public final class HieraGraph implements AutoCloseable {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    private final ModelConfig config;
    private final Graph graph;
    private final MediaViews views;
    private final ClassLabels labels;
    private final Path path;
    private final String backend;
    private final Session session;
    private final @Nullable GradientSession gradients;

    private HieraGraph(
            Checkpoint checkpoint, LoadOptions options, Function<ModelConfig, Graph> graphs, boolean learns) {
        path = checkpoint.path();
        HieraConfig trained = checkpoint.requireHiera("looking inside a model").encoder();
        checkSupported(
                trained.axes() >= 2 && trained.inChans() == CHANNELS,
                "%s: expected a model of RGB images or videos, got one with input_size %s and %d channels",
                path,
                trained.inputSize(),
                trained.inChans());
        InputSize size = options.size();
        check(
                size.kind() != InputSize.Kind.NATIVE,
                "looking inside a model needs one size for all files: set --size HEIGHTxWIDTH, or leave it out");
        check(
                !size.padding(),
                "looking inside a model shows pixels, not padding: choose a size that the model supports");
        boolean resized = size.kind() != InputSize.Kind.OWN || size.frames() != 0;
        checkSupported(
                !resized || checkpoint.config() instanceof HieraConfig,
                "%s: an autoencoder runs only at its own size %s",
                path,
                trained.inputSize());
        config = resized ? size.of(trained) : checkpoint.config();
        views = new MediaViews(config.encoder(), Preprocessing.of(checkpoint, config.encoder(), options), size);
        graph = graphs.apply(config);
        labels = trained.numClasses() == 0 ? new ClassLabels(List.of()) : ClassLabels.of(checkpoint, trained, options);
        WeightSource weights = new FiniteWeights(
                resized
                        ? ResizedWeights.of(checkpoint.weights(), trained, config.encoder(), size.resizing())
                        : checkpoint.weights());
        CompileOptions compile = options.compile();
        Backend engine = options.backend()
                .map(Backends::requireUsable)
                .orElseGet(
                        () -> options.backendName().map(Backends::named).orElseGet(() -> Backends.preferred(compile)));
        backend = engine.name();
        GradientEngine differentiation = learns ? GradientEngine.require() : null;
        session = engine.compile(graph, weights, compile);
        try {
            gradients = differentiation == null ? null : differentiation.differentiate(graph, weights, compile);
        } catch (RuntimeException | Error failure) {
            session.close();
            throw failure;
        }
    }

    /**
     * Loads a checkpoint.
     *
     * @param checkpoint a {@code .pth}, a {@code .safetensors}, its index, or a directory with one of them
     * @param options the loading options; the size must not be {@code native}
     * @param graph creates the network from the configuration at the size at which it runs
     * @return the loaded network
     * @throws io.github.hiera4j.model.HieraException if the checkpoint cannot be loaded; see its subtypes
     */
    public static HieraGraph load(Path checkpoint, LoadOptions options, Function<ModelConfig, Graph> graph) {
        return load(checkpoint, options, graph, false);
    }

    /**
     * Loads a checkpoint whose network can also be differentiated; that needs the artifact {@code hiera-torch} at run time.
     *
     * @param checkpoint a {@code .pth}, a {@code .safetensors}, its index, or a directory with one of them
     * @param options the loading options; the size must not be {@code native}
     * @param graph the network to run
     * @return the loaded network
     * @throws io.github.hiera4j.model.UnsupportedException if gradients cannot be computed in this environment
     * @throws io.github.hiera4j.model.HieraException if the checkpoint cannot be loaded; see its subtypes
     */
    public static HieraGraph loadWithGradients(
            Path checkpoint, LoadOptions options, Function<ModelConfig, Graph> graph) {
        return load(checkpoint, options, graph, true);
    }

    private static HieraGraph load(
            Path path, LoadOptions options, Function<ModelConfig, Graph> graph, boolean gradients) {
        try (Checkpoint checkpoint = Checkpoint.open(path, options.averagedWeights())) {
            return new HieraGraph(checkpoint, options, graph, gradients);
        }
    }

    /** {@return the checkpoint's configuration at the size at which it runs: an encoder or an autoencoder} */
    public ModelConfig config() {
        return config;
    }

    /** {@return the encoder's settings at the size at which it runs} */
    public HieraConfig encoder() {
        return config.encoder();
    }

    /** {@return the network} */
    public Graph graph() {
        return graph;
    }

    /** {@return the names of the classes; empty for a model without a head} */
    public ClassLabels labels() {
        return labels;
    }

    /** {@return the weight file} */
    public Path path() {
        return path;
    }

    /** {@return the name of the backend that runs it} */
    public String backend() {
        return backend;
    }

    /** {@return the default read options} */
    public ReadOptions readOptions() {
        return views.preprocessing().options();
    }

    /** {@return the number of frames of a view: those of a clip, or 1} */
    public int frames() {
        return encoder().isVideo() ? encoder().inputSize().get(0) : 1;
    }

    /**
     * Reads one view of an input, cropped at the centre: an image, the middle frame of a video for an image model, or the middle clip of a
     * video for a video model.
     *
     * @param input the image or video
     * @return normalised pixels, float32 {@code [1, 3, (T,) H, W]}
     * @throws io.github.hiera4j.model.HieraException if the input cannot be read; see its subtypes
     */
    public HostTensor view(MediaInput input) {
        ReadOptions single = readOptions().withViews(1, 1);
        HostTensor target = HostTensor.allocate(io.github.hiera4j.model.tensor.DType.FLOAT32, views.chunkShape(single));
        try (ChunkReader reader = views.open(input, single)) {
            return reader.read(0, target);
        }
    }

    /**
     * Prepares a view from a clip of decoded frames, or from one picture.
     *
     * @param frames the frames of a view; a single picture for an image model
     * @return normalised pixels, float32 {@code [1, 3, (T,) H, W]}
     */
    public HostTensor view(List<Rgb8Image> frames) {
        check(frames.size() == frames(), "a view of this model has %d frames, got %d", frames(), frames.size());
        return encoder().isVideo()
                ? views.preprocessing().videos().apply(frames)
                : views.images().apply(frames.get(0));
    }

    /** {@return the preprocessing of one frame of a view} */
    public FramePreprocess framePreprocess() {
        return encoder().isVideo() ? views.preprocessing().videos().frames() : views.images();
    }

    /** {@return mean and deviation of the pixels that the network sees} */
    public Normalisation normalisation() {
        FramePreprocess frames = framePreprocess();
        if (frames instanceof ImagePreprocess images) {
            return images.normalisation();
        }
        return frames instanceof KineticsFrames kinetics ? kinetics.normalisation() : Normalisation.KINETICS;
    }

    /**
     * Converts a view to pictures of what the network sees.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @return one picture per frame
     */
    public List<Rgb8Image> pictures(HostTensor view) {
        return ViewPictures.of(view, normalisation());
    }

    /**
     * Computes outputs.
     *
     * @param feeds the inputs of the network by name
     * @param outputs names of outputs
     * @return the outputs by name
     * @throws io.github.hiera4j.model.HieraException if an output is not finite, or a feed has another shape
     */
    public Map<String, HostTensor> run(Map<String, HostTensor> feeds, List<String> outputs) {
        Map<String, HostTensor> results = session.run(feeds, outputs);
        results.forEach((name, result) -> check(
                FiniteValues.firstNonFinite(result) < 0,
                "%s: the model's %s is not finite: its weights are unusable, or too large for this precision",
                path,
                name));
        return results;
    }

    /**
     * Computes one output of a view.
     *
     * @param view normalised pixels {@code [B, 3, (T,) H, W]}
     * @param output the name of an output
     * @return the output
     */
    public HostTensor run(HostTensor view, String output) {
        return Objects.requireNonNull(
                run(Map.of(HieraEncoder.INPUT, view), List.of(output)).get(output));
    }

    /**
     * Differentiates a weighted sum of an output: see {@link GradientSession#differentiate}.
     *
     * @param view normalised pixels {@code [B, 3, (T,) H, W]}
     * @param output the name of an output
     * @param weights of the sum, with the shape of the output
     * @param nodes names of the nodes with respect to which it is differentiated
     * @return outputs and gradients
     */
    public GradientSession.Pass differentiate(HostTensor view, String output, HostTensor weights, List<String> nodes) {
        check(gradients != null, "%s: was loaded without gradients", path);
        return Objects.requireNonNull(gradients)
                .differentiate(Map.of(HieraEncoder.INPUT, view), output, weights, nodes);
    }

    /** {@return bytes of native memory held between calls} */
    public long nativeBytes() {
        return session.nativeBytes() + (gradients == null ? 0 : gradients.nativeBytes());
    }

    @Override
    public void close() {
        session.close();
        if (gradients != null) {
            gradients.close();
        }
    }
}
