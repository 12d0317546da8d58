package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;
import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.internal.ViewResults;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A Hiera with its classification head: classes, embeddings and feature maps of images and videos.
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
 * valid afterwards. Failures that a user can correct are {@link io.github.hiera4j.model.HieraException}s. A model without a head
 * is a {@link HieraBackbone}.
 */
public final class HieraClassifier extends HieraModel {
    private final HieraBackbone backbone;
    private final ClassLabels labels;

    private HieraClassifier(LoadedModel model, ClassLabels labels) {
        super(model);
        this.backbone = new HieraBackbone(model);
        this.labels = labels;
    }

    /**
     * Loads a checkpoint of any supported format and key style with the preferred backend, in float32.
     *
     * @param checkpoint a {@code .pth}, a {@code .safetensors}, its index, or a directory with one of them
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if the checkpoint cannot be loaded; see its subtypes
     */
    public static HieraClassifier load(Path checkpoint) {
        return load(checkpoint, LoadOptions.DEFAULT);
    }

    /**
     * Loads a checkpoint.
     *
     * @param path a {@code .pth}, a {@code .safetensors}, its index, or a directory with one of them
     * @param options backend, element type, threads, preprocessing
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if the checkpoint cannot be loaded; see its subtypes
     */
    public static HieraClassifier load(Path path, LoadOptions options) {
        try (Checkpoint checkpoint = Checkpoint.openClassifier(path, options.averagedWeights())) {
            checkSupported(
                    !checkpoint.config().isAutoencoder(),
                    "%s: holds a masked autoencoder, which has no classes: fine-tune it first, or load its encoder as a"
                            + " HieraBackbone",
                    path);
            HieraConfig config = checkpoint.config().encoder();
            checkSupported(
                    config.numClasses() > 0,
                    "%s: this model has no head, so it cannot classify: use embed or features",
                    path);
            Function<HieraConfig, Graph> graphs = EncoderGraph.matching(checkpoint);
            ClassLabels labels = ClassLabels.of(checkpoint, config, options);
            return new HieraClassifier(LoadedModel.compile(checkpoint, graphs, options), labels);
        }
    }

    /** {@return the same model as an encoder} It is closed together with this classifier. */
    public HieraBackbone backbone() {
        return backbone;
    }

    /** {@return the names of the classes, by index} */
    public ClassLabels labels() {
        return labels;
    }

    /**
     * Returns the likeliest classes of an image or video file, the likeliest first; see {@link #readOptions}.
     *
     * @param file an image, or a video for a video model
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return at most {@code topK} classes with probabilities from 0 to 1, in descending order
     * @throws io.github.hiera4j.model.HieraException if the file cannot be read; see its subtypes
     */
    public List<Classification> classify(Path file, int topK) {
        return classify(MediaInput.of(file), topK);
    }

    /**
     * Returns the {@code topK} likeliest classes of a decoded image, the likeliest first.
     *
     * @param image a decoded image of any size
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return at most {@code topK} classes with probabilities from 0 to 1, in descending order
     */
    public List<Classification> classify(Rgb8Image image, int topK) {
        return classify(MediaInput.of("image", image), topK);
    }

    /**
     * Returns the likeliest classes of an image or video, the likeliest first; the probabilities of a video's views are averaged.
     *
     * @param input an image, or a video for a video model
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return at most {@code topK} classes with probabilities from 0 to 1, in descending order
     * @throws io.github.hiera4j.model.HieraException if the input cannot be read; see its subtypes
     */
    public List<Classification> classify(MediaInput input, int topK) {
        return top(probabilities(input), topK);
    }

    /**
     * Returns the likeliest classes of a video, averaged over the sampler's clips and crops.
     *
     * @param video the video file
     * @param sampler chooses clips and crops
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return at most {@code topK} classes with probabilities from 0 to 1, in descending order
     * @throws io.github.hiera4j.model.HieraException if this is an image model, the sampler's clips have another length than the
     * model's, or the video cannot be read
     */
    public List<Classification> classify(Path video, ClipSampler sampler, int topK) {
        check(config().isVideo(), "clips need a video model, this one has input_size %s", config().inputSize());
        check(
                sampler.frames() == config().inputSize().get(0),
                "this model's clips have %d frames, the sampler takes %d",
                config().inputSize().get(0),
                sampler.frames());
        ReadOptions options =
                readOptions().withViews(sampler.clips(), sampler.crops()).withStride(sampler.stride());
        return top(ViewResults.average(model().eachView(MediaInput.of(video), options, Hiera.PROBABILITIES)), topK);
    }

    /**
     * Returns the likeliest classes of several inputs, in their order, computed in batches.
     *
     * @param inputs the images and videos
     * @param options the read options
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return the classes of every input
     * @throws io.github.hiera4j.model.HieraException for the first input that cannot be read; {@link #classifyInputs} still gives
     * the results of the others
     */
    public List<List<Classification>> classify(List<MediaInput> inputs, ReadOptions options, int topK) {
        return LoadedModel.all(classifyInputs(inputs.stream(), options, topK));
    }

    /**
     * Computes the likeliest classes of an input on another thread. At most as many calls run at once as there are processors; further
     * calls are queued. The future fails as {@link #classify(MediaInput, int)} would. Cancelling it keeps a waiting call from starting.
     *
     * @param input an image, or a video for a video model
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return the future result
     */
    public CompletableFuture<List<Classification>> classifyAsync(MediaInput input, int topK) {
        return model().async(() -> classify(input, topK));
    }

    /**
     * Returns the likeliest classes of many files, in their order, reading ahead while the model computes.
     *
     * <p>Lazy: if results are taken slowly, reading waits. Reading ahead is bounded by {@link ReadOptions#memoryBytes}; a parallel
     * stream reads no further ahead than a sequential one. A file that cannot be read gives a failed result. The given
     * stream is iterated on a thread of the library; an exception that it throws, or a null in it, is thrown after the results
     * of the earlier files. Close the stream if it is not consumed to its end; a later attempt to take results throws an
     * {@link IllegalStateException}. If the thread that takes results is interrupted, it gets an
     * {@link io.github.hiera4j.model.OperationInterruptedException}.
     *
     * @param files the files, in any number
     * @param options the read options
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return the results, in the order of the inputs
     */
    public Stream<MediaResult<List<Classification>>> classifyAll(Stream<Path> files, ReadOptions options, int topK) {
        return classifyInputs(files.map(MediaInput::of), options, topK);
    }

    /**
     * Returns the likeliest classes of many inputs, in their order: see {@link #classifyAll}.
     *
     * @param inputs the images and videos
     * @param options the read options
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return the results, in the order of the inputs
     */
    public Stream<MediaResult<List<Classification>>> classifyInputs(
            Stream<MediaInput> inputs, ReadOptions options, int topK) {
        ClassLabels.checkTop(topK);
        return model().stream(inputs, options, Hiera.PROBABILITIES, views -> top(ViewResults.average(views), topK));
    }

    /**
     * Returns the probabilities of all classes, by index; those of a video's views are averaged.
     *
     * @param input an image, or a video for a video model
     * @return one number per class
     * @throws io.github.hiera4j.model.HieraException if the input cannot be read; see its subtypes
     */
    public float[] probabilities(MediaInput input) {
        return ViewResults.average(model().eachView(input, readOptions(), Hiera.PROBABILITIES));
    }

    /**
     * Returns the scores of all classes before the softmax, by index; those of a video's views are averaged.
     *
     * @param input an image, or a video for a video model
     * @return one number per class
     * @throws io.github.hiera4j.model.HieraException if the input cannot be read; see its subtypes
     */
    public float[] logits(MediaInput input) {
        return ViewResults.average(model().eachView(input, readOptions(), Hiera.LOGITS));
    }

    /**
     * Computes the class probabilities of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised, finite
     * @return float32 {@code [B, classes]}, each row's sum 1
     * @throws io.github.hiera4j.model.HieraException if the pixels have another shape or are not finite
     */
    public HostTensor probabilities(HostTensor pixels) {
        return model().run(pixels, Hiera.PROBABILITIES);
    }

    /**
     * Computes the class scores of prepared pixels before the softmax.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised, finite
     * @return float32 {@code [B, classes]}
     * @throws io.github.hiera4j.model.HieraException if the pixels have another shape or are not finite
     */
    public HostTensor logits(HostTensor pixels) {
        return model().run(pixels, Hiera.LOGITS);
    }

    /**
     * Returns the likeliest classes for given probabilities, the likeliest first.
     *
     * @param probabilities one per class
     * @param topK number of classes, 1 or more; at most all of them are returned
     * @return at most {@code topK} classes with probabilities from 0 to 1, in descending order
     * @throws io.github.hiera4j.model.HieraException if {@code topK} is less than 1
     */
    public List<Classification> top(float[] probabilities, int topK) {
        return labels.top(probabilities, topK);
    }

    /**
     * Computes the embedding of a file: see {@link HieraBackbone#embed(MediaInput)}.
     *
     * @param file an image, or a video for a video model
     * @return the embedding, {@code [C]}
     */
    public float[] embed(Path file) {
        return backbone.embed(file);
    }

    /**
     * Computes the embedding of a decoded image: see {@link HieraBackbone#embed(MediaInput)}.
     *
     * @param image a decoded image of any size
     * @return the embedding, {@code [C]}
     */
    public float[] embed(Rgb8Image image) {
        return backbone.embed(image);
    }

    /**
     * Computes the feature maps of a file: see {@link HieraBackbone#features(MediaInput)}.
     *
     * @param file an image, or a video for a video model
     * @return one map per stage
     */
    public List<FeatureMap> features(Path file) {
        return backbone.features(file);
    }

    /**
     * Computes the feature maps of a decoded image: see {@link HieraBackbone#features(MediaInput)}.
     *
     * @param image a decoded image of any size
     * @return one map per stage
     */
    public List<FeatureMap> features(Rgb8Image image) {
        return backbone.features(image);
    }
}
