package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.ImagePreprocess;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.LoadReport;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Hiera encoder with its weights: classes, embeddings and feature maps of images and videos.
 *
 * <pre>{@code
 * try (HieraClassifier hiera = HieraClassifier.load(Path.of("hiera_base_224.pth"))) {
 *     for (Classification guess : hiera.classify(Path.of("dog.jpg"), 5)) {
 *         System.out.println(guess.label() + " " + guess.probability());
 *     }
 * }
 * }</pre>
 *
 * <p>Safe to call from several threads. Holds native memory until it is closed; everything it returns is plain Java and stays
 * valid afterwards. Failures that a user can mend are {@link io.github.hiera4j.model.HieraException}s.
 */
public final class HieraClassifier implements AutoCloseable {
    private final HieraConfig config;
    private final ClassLabels labels;
    private final String backend;
    private final Session session;
    private final MediaViews views;

    private HieraClassifier(Checkpoint checkpoint, HieraConfig config, LoadOptions options) {
        this.config = config;
        this.labels = labels(checkpoint, config, options);
        this.views = new MediaViews(
                config,
                options.ownPreprocessing() ? Preprocessing.of(checkpoint, config) : Preprocessing.released(config));
        Graph graph = config.inferenceGraph();
        LoadReport.compare(graph.parameters(), checkpoint.weights()).requireExact();
        Backend engine = options.backend().map(Backends::named).orElseGet(() -> Backends.preferred(options.compile()));
        this.backend = engine.name();
        this.session = engine.compile(graph, new FiniteWeights(checkpoint.weights()), options.compile());
    }

    /** Loads a checkpoint of any supported format and key style with the preferred backend, in float32. */
    public static HieraClassifier load(Path checkpoint) {
        return load(checkpoint, LoadOptions.DEFAULT);
    }

    /**
     * Loads a checkpoint.
     *
     * @param path a {@code .pth}, a {@code .safetensors}, its index, or a directory with one of them
     */
    public static HieraClassifier load(Path path, LoadOptions options) {
        try (Checkpoint checkpoint = Checkpoint.open(path, options.averagedWeights())) {
            check(
                    checkpoint.config() instanceof HieraConfig,
                    "%s: holds a masked autoencoder, which has no classes: fine-tune it first, or convert its encoder",
                    path);
            HieraConfig config = (HieraConfig) checkpoint.config();
            check(
                    config.axes() >= 2 && config.inChans() == 3,
                    "%s: expected a model of RGB images or videos, got one with input_size %s and %d channels",
                    path,
                    config.inputSize(),
                    config.inChans());
            return new HieraClassifier(checkpoint, config, options);
        }
    }

    private static ClassLabels labels(Checkpoint checkpoint, HieraConfig config, LoadOptions options) {
        if (options.labels().isPresent()) {
            return ClassLabels.read(options.labels().get(), config.numClasses());
        }
        return checkpoint.classNames().isEmpty()
                ? ClassLabels.forCount(config.numClasses())
                : new ClassLabels(checkpoint.classNames());
    }

    /** The model. */
    public HieraConfig config() {
        return config;
    }

    /** The backend that runs it. */
    public String backend() {
        return backend;
    }

    /** How images are prepared; its {@code apply} gives what an image model's {@link #probabilities} takes. */
    public ImagePreprocess preprocess() {
        return views.images();
    }

    /** How files are read unless a caller says otherwise: the clips that the checkpoint names, else {@link ReadOptions#DEFAULT}. */
    public ReadOptions readOptions() {
        return views.preprocessing().options();
    }

    /** The {@code topK} likeliest classes of an image or video file, the likeliest first; see {@link #readOptions}. */
    public List<Classification> classify(Path file, int topK) {
        return only(classifyAll(Stream.of(file), readOptions(), topK));
    }

    /** The {@code topK} likeliest classes of an image, the likeliest first. */
    public List<Classification> classify(Rgb8Image image, int topK) {
        return top(average(probabilities(pixels(image))), topK);
    }

    /** The {@code topK} likeliest classes of a video, averaged over the sampler's clips and crops. */
    public List<Classification> classify(Path video, ClipSampler sampler, int topK) {
        check(config.isVideo(), "clips need a video model, this one has input_size %s", config.inputSize());
        check(
                sampler.frames() == config.inputSize().get(0),
                "this model's clips have %d frames, the sampler takes %d",
                config.inputSize().get(0),
                sampler.frames());
        HostTensor clips = views.clips(video, sampler);
        float[][] each = new float[sampler.views()][];
        for (int view = 0; view < each.length; view++) { // one at a time: a batch of clips takes gigabytes
            each[view] = probabilities(oneOf(clips, view)).toFloats();
        }
        return top(average(each), topK);
    }

    /**
     * The likeliest classes of many files, in their order, reading ahead while the model computes. Lazy: take results slowly and
     * reading waits. Close the stream when it is not taken to its end.
     */
    public Stream<MediaResult<List<Classification>>> classifyAll(Stream<Path> files, ReadOptions options, int topK) {
        return MediaPipeline.stream(files, file -> views.read(file, options), this::probabilities, options)
                .map(result -> result.map(each -> top(average(each), topK)));
    }

    /**
     * Class probabilities of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised
     * @return float32 {@code [B, classes]}
     */
    public HostTensor probabilities(HostTensor pixels) {
        check(config.numClasses() > 0, "this model has no head: use embed or features");
        return run(pixels, List.of(Hiera.PROBABILITIES)).get(0);
    }

    /** The likeliest of given probabilities, the likeliest first, named. */
    public List<Classification> top(float[] probabilities, int topK) {
        check(topK >= 1, "expected to list at least 1 class, got %d", topK);
        return IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> -probabilities[index]))
                .limit(topK)
                .map(index -> new Classification(index, labels.names().get(index), probabilities[index]))
                .toList();
    }

    /** The pooled and normalised feature vector that the head sees; of a video, the mean over its views. */
    public float[] embed(Path file) {
        return only(embedAll(Stream.of(file), readOptions()));
    }

    /** The pooled and normalised feature vector that the head sees. */
    public float[] embed(Rgb8Image image) {
        return average(embeddings(pixels(image)));
    }

    /** The embeddings of many files, in their order: see {@link #classifyAll}. */
    public Stream<MediaResult<float[]>> embedAll(Stream<Path> files, ReadOptions options) {
        return MediaPipeline.stream(files, file -> views.read(file, options), this::embeddings, options)
                .map(result -> result.map(HieraClassifier::average));
    }

    /** The embeddings of prepared pixels: {@code [B, 3, (T,) H, W]} to {@code [B, C]}. */
    public HostTensor embeddings(HostTensor pixels) {
        check(config.finalNorm(), "this model has no final norm, so it gives no embedding: use features");
        return run(pixels, List.of(Hiera.EMBEDDING)).get(0);
    }

    /**
     * The map at the end of every stage, the first stage first, in spatial order; of a video, for the clip in its middle, cropped
     * at the centre.
     */
    public List<FeatureMap> features(Path file) {
        return only(featuresAll(Stream.of(file), readOptions()));
    }

    /** The map at the end of every stage, the first stage first, in spatial order. */
    public List<FeatureMap> features(Rgb8Image image) {
        return named(featureMaps(pixels(image)));
    }

    /** The feature maps of many files, one view of each, in their order: see {@link #classifyAll}. */
    public Stream<MediaResult<List<FeatureMap>>> featuresAll(Stream<Path> files, ReadOptions options) {
        ReadOptions single = options.withViews(1, 1).withBatch(1);
        return MediaPipeline.stream(files, file -> views.read(file, single), pixels -> pixels, single)
                .map(result -> result.map(pixels -> named(featureMaps(pixels))));
    }

    private List<FeatureMap> named(List<HostTensor> maps) {
        List<String> axes = config.isVideo() ? List.of("T", "H", "W", "C") : List.of("H", "W", "C");
        return IntStream.range(0, maps.size())
                .mapToObj(
                        stage -> new FeatureMap(stage + 1, axes, maps.get(stage).slice(0)))
                .toList();
    }

    /**
     * The stage maps of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised
     * @return per stage float32 {@code [B, (t,) h, w, C]}
     */
    public List<HostTensor> featureMaps(HostTensor pixels) {
        return run(
                pixels,
                IntStream.rangeClosed(1, config.stages().size())
                        .mapToObj(Hiera::stage)
                        .toList());
    }

    private static <T> T only(Stream<MediaResult<T>> results) {
        try (results) {
            return results.findFirst().orElseThrow().orThrow();
        }
    }

    private HostTensor pixels(Rgb8Image image) {
        return config.isVideo()
                ? views.still(image, ReadOptions.SINGLE_VIEW)
                : views.images().apply(image);
    }

    private static HostTensor oneOf(HostTensor batch, int index) {
        return batch.slice(index).reshape(batch.shape().withSize(0, 1));
    }

    /** The mean over the leading axis: {@code [V, N]} to {@code [N]}. */
    private static float[] average(HostTensor views) {
        float[][] each = new float[views.shape().size(0)][];
        for (int view = 0; view < each.length; view++) {
            each[view] = views.slice(view).toFloats();
        }
        return average(each);
    }

    private static float[] average(float[][] views) {
        float[] mean = new float[views[0].length];
        for (float[] view : views) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += view[i] / views.length;
            }
        }
        return mean;
    }

    private List<HostTensor> run(HostTensor pixels, List<String> outputs) {
        Map<String, HostTensor> results = session.run(Map.of(HieraEncoder.INPUT, pixels), outputs);
        return outputs.stream()
                .map(name -> Objects.requireNonNull(results.get(name)))
                .toList();
    }

    /** Bytes of native memory held between calls. */
    public long nativeBytes() {
        return session.nativeBytes();
    }

    /** Frees the native memory. Must not run while another thread classifies. */
    @Override
    public void close() {
        session.close();
    }
}
