package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.ImagePreprocess;
import io.github.hiera4j.media.ImageReader;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.Backends;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.Checkpoint;
import io.github.hiera4j.model.weights.FiniteWeights;
import io.github.hiera4j.model.weights.LoadReport;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A Hiera encoder with its weights: classes, embeddings and feature maps of images.
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
    private final ImagePreprocess preprocess;

    private HieraClassifier(Checkpoint checkpoint, HieraConfig config, LoadOptions options) {
        this.config = config;
        this.labels = labels(checkpoint, config, options);
        this.preprocess =
                Preprocessing.of(config, checkpoint.preprocessHints().filter(hints -> options.ownPreprocessing()));
        Graph graph = config.inferenceGraph();
        LoadReport.compare(graph.parameters(), checkpoint.weights()).requireExact();
        Backend engine = options.backend().map(Backends::named).orElseGet(Backends::preferred);
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
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            check(
                    checkpoint.config() instanceof HieraConfig,
                    "%s: holds a masked autoencoder, which has no classes: fine-tune it first, or convert its encoder",
                    path);
            HieraConfig config = (HieraConfig) checkpoint.config();
            check(
                    config.axes() == 2 && config.inChans() == 3,
                    "%s: expected a model of RGB images, got one with input_size %s and %d channels",
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

    /** How images are prepared; its {@code apply} gives what {@link #probabilities} takes. */
    public ImagePreprocess preprocess() {
        return preprocess;
    }

    /** The {@code topK} likeliest classes of an image file, the likeliest first. */
    public List<Classification> classify(Path image, int topK) {
        return classify(ImageReader.read(image), topK);
    }

    /** The {@code topK} likeliest classes of an image, the likeliest first. */
    public List<Classification> classify(Rgb8Image image, int topK) {
        return classifyAll(List.of(image), topK).get(0);
    }

    /** The likeliest classes of each image, computed as one batch. */
    public List<List<Classification>> classifyAll(List<Rgb8Image> images, int topK) {
        HostTensor probabilities = probabilities(preprocess.applyAll(images));
        return IntStream.range(0, images.size())
                .mapToObj(image -> top(probabilities.slice(image).toFloats(), topK))
                .toList();
    }

    /**
     * Class probabilities of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, H, W]}, normalised
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

    /** The pooled and normalised feature vector that the head sees. */
    public float[] embed(Path image) {
        return embed(ImageReader.read(image));
    }

    /** The pooled and normalised feature vector that the head sees. */
    public float[] embed(Rgb8Image image) {
        return run(preprocess.apply(image), List.of(Hiera.EMBEDDING)).get(0).toFloats();
    }

    /** The map at the end of every stage, the first stage first, in spatial order. */
    public List<FeatureMap> features(Path image) {
        return features(ImageReader.read(image));
    }

    /** The map at the end of every stage, the first stage first, in spatial order. */
    public List<FeatureMap> features(Rgb8Image image) {
        List<HostTensor> maps = featureMaps(preprocess.apply(image));
        return IntStream.range(0, maps.size())
                .mapToObj(stage -> new FeatureMap(
                        stage + 1, List.of("H", "W", "C"), maps.get(stage).slice(0)))
                .toList();
    }

    /**
     * The stage maps of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, H, W]}, normalised
     * @return per stage float32 {@code [B, h, w, C]}
     */
    public List<HostTensor> featureMaps(HostTensor pixels) {
        return run(
                pixels,
                IntStream.rangeClosed(1, config.stages().size())
                        .mapToObj(Hiera::stage)
                        .toList());
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
