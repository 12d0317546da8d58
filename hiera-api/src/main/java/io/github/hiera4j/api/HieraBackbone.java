package io.github.hiera4j.api;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.api.internal.ViewResults;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.checkpoint.Checkpoint;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Hiera encoder with its weights: embeddings and feature maps of images and videos. It needs no classification head: models
 * without one, classifiers and masked autoencoders all have a backbone.
 *
 * <pre>{@code
 * try (HieraBackbone hiera = HieraBackbone.load(Path.of("mae_hiera_base_224.pth"))) {
 *     float[] embedding = hiera.embed(MediaInput.of("upload", bytes));
 * }
 * }</pre>
 *
 * <p>Safe to call from several threads. Holds native memory until it is closed; everything it returns is plain Java and stays
 * valid afterwards. Failures that a user can correct are {@link io.github.hiera4j.model.HieraException}s.
 */
public final class HieraBackbone extends HieraModel {

    HieraBackbone(LoadedModel model) {
        super(model);
    }

    /**
     * Loads a checkpoint of any supported format and key style with the preferred backend, in float32.
     *
     * @param checkpoint a {@code .pth}, a {@code .safetensors}, its index, or a directory with one of them
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if the checkpoint cannot be loaded; see its subtypes
     */
    public static HieraBackbone load(Path checkpoint) {
        return load(checkpoint, LoadOptions.DEFAULT);
    }

    /**
     * Loads a checkpoint.
     *
     * @param checkpoint a {@code .pth}, a {@code .safetensors}, its index, or a directory with one of them
     * @param options the loading options
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if the checkpoint cannot be loaded; see its subtypes
     */
    public static HieraBackbone load(Path checkpoint, LoadOptions options) {
        try (Checkpoint opened = Checkpoint.open(checkpoint, options.averagedWeights())) {
            return new HieraBackbone(LoadedModel.compile(opened, EncoderGraph.matching(opened), options));
        }
    }

    /**
     * Scales an embedding to length 1, so that dot products are cosines.
     *
     * @param embedding any vector; a zero vector is returned unchanged
     * @return a new vector of the same direction
     */
    public static float[] unit(float[] embedding) {
        double squares = 0;
        for (float element : embedding) {
            squares += (double) element * element;
        }
        double length = Math.max(Math.sqrt(squares), 1e-12);
        float[] unit = new float[embedding.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (embedding[i] / length);
        }
        return unit;
    }

    /** {@return the length of an embedding} */
    public int embeddingSize() {
        return config().stageDim(config().stages().size() - 1);
    }

    /**
     * Computes the embedding of an image or video file: see {@link #embed(MediaInput)}.
     *
     * @param file the image or video file
     * @return the embedding, {@code [C]}
     * @throws io.github.hiera4j.model.HieraException if the file cannot be read; see its subtypes
     */
    public float[] embed(Path file) {
        return embed(MediaInput.of(file));
    }

    /**
     * Computes the embedding of a decoded image.
     *
     * @param image the decoded image
     * @return the embedding, {@code [C]}
     */
    public float[] embed(Rgb8Image image) {
        return embed(MediaInput.of("image", image));
    }

    /**
     * Computes the pooled and normalised feature vector that a head sees, {@code [C]}; for a video, the mean over its views. An
     * autoencoder has no such norm: its vector is only pooled.
     *
     * @param input the image or video
     * @return the embedding, {@code [C]}
     * @throws io.github.hiera4j.model.HieraException if the input cannot be read; see its subtypes
     */
    public float[] embed(MediaInput input) {
        return ViewResults.average(model().eachView(input, readOptions(), Hiera.EMBEDDING));
    }

    /**
     * Computes the embeddings of several inputs, in their order and in batches.
     *
     * @param inputs the images and videos
     * @param options the read options
     * @return one embedding per input
     * @throws io.github.hiera4j.model.HieraException for the first input that cannot be read; see {@link #embedInputs}
     */
    public List<float[]> embed(List<MediaInput> inputs, ReadOptions options) {
        return LoadedModel.all(embedInputs(inputs.stream(), options));
    }

    /**
     * Computes the embedding of an input on another thread; the future fails as {@link #embed(MediaInput)} would.
     *
     * @param input the image or video
     * @return the future result
     */
    public CompletableFuture<float[]> embedAsync(MediaInput input) {
        return model().async(() -> embed(input));
    }

    /**
     * Computes the embeddings of many files, in their order: see {@link HieraClassifier#classifyAll}.
     *
     * @param files the files, in any number
     * @param options the read options
     * @return the results, in the order of the inputs
     */
    public Stream<MediaResult<float[]>> embedAll(Stream<Path> files, ReadOptions options) {
        return embedInputs(files.map(MediaInput::of), options);
    }

    /**
     * Computes the embeddings of many inputs, in their order: see {@link HieraClassifier#classifyAll}.
     *
     * @param inputs the images and videos
     * @param options the read options
     * @return the results, in the order of the inputs
     */
    public Stream<MediaResult<float[]>> embedInputs(Stream<MediaInput> inputs, ReadOptions options) {
        return model().stream(inputs, options, Hiera.EMBEDDING, ViewResults::average);
    }

    /**
     * Reads an input and passes its views to an action as prepared pixels, which {@link #embeddings}, {@link #featureMaps} and
     * {@link HieraClassifier#probabilities(HostTensor)} take: for programs that form their own batches. A video is decoded
     * while the views are passed, so an exception of the action ends the reading.
     *
     * @param input the image or video
     * @param options the read options
     * @param action takes each view, float32 {@code [1, 3, (T,) H, W]}, on the calling thread; its memory is reused after
     *     the call
     * @return faults of the input that did not prevent a result, such as a truncated video; one line each
     * @throws io.github.hiera4j.model.HieraException if the input cannot be read; see its subtypes
     */
    public List<String> prepare(MediaInput input, ReadOptions options, Consumer<HostTensor> action) {
        return model().prepare(input, options, action);
    }

    /**
     * Returns the outputs that {@link #run} can compute.
     *
     * @return the shape of each output by its name, with a symbolic batch: {@code embedding}, {@code stage1} and so on; for a
     *     classifier's backbone also {@code logits} and {@code probabilities}
     */
    public Map<String, Shape> outputs() {
        return model().outputs();
    }

    /**
     * Computes several outputs of prepared pixels in one run of the network.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised, finite
     * @param names names of outputs, see {@link #outputs}
     * @return float32, one tensor per name
     * @throws io.github.hiera4j.model.HieraException if the pixels have another shape or are not finite, or there is no such output
     */
    public List<HostTensor> run(HostTensor pixels, List<String> names) {
        for (String name : names) {
            check(
                    outputs().containsKey(name),
                    "this model has no output '%s': it has %s",
                    name,
                    outputs().keySet());
        }
        return model().run(pixels, names);
    }

    /**
     * Computes the embeddings of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised, finite
     * @return float32 {@code [B, C]}
     * @throws io.github.hiera4j.model.HieraException if the pixels have another shape or are not finite
     */
    public HostTensor embeddings(HostTensor pixels) {
        return model().run(pixels, Hiera.EMBEDDING);
    }

    /**
     * Computes the feature maps of an image or video file: see {@link #features(MediaInput)}.
     *
     * @param file the image or video file
     * @return one map per stage
     * @throws io.github.hiera4j.model.HieraException if the file cannot be read; see its subtypes
     */
    public List<FeatureMap> features(Path file) {
        return features(MediaInput.of(file));
    }

    /**
     * Computes the feature maps of a decoded image.
     *
     * @param image the decoded image
     * @return one map per stage
     */
    public List<FeatureMap> features(Rgb8Image image) {
        return features(MediaInput.of("image", image));
    }

    /**
     * Computes the map at the end of every stage, starting with the first stage, in spatial order; for a video, that of its middle clip,
     * cropped at the centre.
     *
     * @param input the image or video
     * @return one map per stage
     * @throws io.github.hiera4j.model.HieraException if the input cannot be read; see its subtypes
     */
    public List<FeatureMap> features(MediaInput input) {
        return model().eachView(
                        input,
                        readOptions().withViews(1, 1),
                        pixels -> FeatureMap.ofStages(config(), featureMaps(pixels)))
                .get(0);
    }

    /**
     * Computes the feature maps of an input on another thread; the future fails as {@link #features(MediaInput)} would.
     *
     * @param input the image or video
     * @return the future result
     */
    public CompletableFuture<List<FeatureMap>> featuresAsync(MediaInput input) {
        return model().async(() -> features(input));
    }

    /**
     * Computes the feature maps of many files, one view of each, in their order: see {@link HieraClassifier#classifyAll}.
     *
     * @param files the files, in any number
     * @param options the read options
     * @return the results, in the order of the inputs
     */
    public Stream<MediaResult<List<FeatureMap>>> featuresAll(Stream<Path> files, ReadOptions options) {
        return featuresInputs(files.map(MediaInput::of), options);
    }

    /**
     * Computes the feature maps of many inputs, one view of each, in their order: see {@link HieraClassifier#classifyAll}.
     *
     * @param inputs the images and videos
     * @param options the read options
     * @return the results, in the order of the inputs
     */
    public Stream<MediaResult<List<FeatureMap>>> featuresInputs(Stream<MediaInput> inputs, ReadOptions options) {
        ReadOptions single = options.withViews(1, 1).withBatch(1);
        return model().stream(
                inputs,
                single,
                pixels -> List.of(FeatureMap.ofStages(config(), featureMaps(pixels))),
                maps -> maps.get(0));
    }

    /**
     * Computes the stage maps of prepared pixels.
     *
     * @param pixels float32 {@code [B, 3, (T,) H, W]}, normalised, finite
     * @return per stage float32 {@code [B, (t,) h, w, C]}
     * @throws io.github.hiera4j.model.HieraException if the pixels have another shape or are not finite
     */
    public List<HostTensor> featureMaps(HostTensor pixels) {
        return model().run(
                        pixels,
                        IntStream.rangeClosed(1, config().stages().size())
                                .mapToObj(Hiera::stage)
                                .toList());
    }
}
