package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An image model of the SAM 2 family with its weights on an engine: pixels to features once, features and prompts to masks as
 * often as requested. Safe to call from several threads; holds native memory until it is closed.
 */
public final class Sam2Model implements AutoCloseable {
    /** IoU of masks in int8 and in float32, as measured; see docs/segmentation.md. */
    private static final double INTEGER_OVERLAP = 0.95;

    private static final double LEAST_OVERLAP = 0.99;

    private final Sam2Config config;
    private final Session images;
    private final Session prompts;

    private Sam2Model(Sam2Config config, Session images, Session prompts) {
        this.config = config;
        this.images = images;
        this.prompts = prompts;
    }

    /**
     * Prepares both parts. In half precision the image encoder computes in it; the mask decoder stays in float32. There is no int8:
     * an encoder whose layers multiply 8-bit integers gives masks that overlap those of float32 by {@value #INTEGER_OVERLAP} on
     * average (sam2.1_hiera_tiny at 1024 pixels), and {@value #LEAST_OVERLAP} is required.
     *
     * @param config the settings of the model
     * @param weights under the names of the original checkpoints
     * @param backend the backend
     * @param options element type, device and threads
     * @return the model; the caller closes it
     * @throws io.github.hiera4j.model.HieraException if the element type is an integer, or the backend cannot do what is asked
     */
    public static Sam2Model compile(Sam2Config config, WeightSource weights, Backend backend, CompileOptions options) {
        check(
                options.dtype().isFloating(),
                "SAM 2 does not run in %s: its masks overlap those of float32 by %s on average (IoU), and %s is required; use"
                        + " bfloat16 or float32",
                options.dtype(),
                INTEGER_OVERLAP,
                LEAST_OVERLAP);
        Session images = backend.compile(
                new Sam2ImageEncoder(config).graph().select(Sam2ImageEncoder.OUTPUTS), weights, options);
        try {
            Session prompts = backend.compile(new Sam2PromptGraph(config).graph(), weights, promptOptions(options));
            return new Sam2Model(config, images, prompts);
        } catch (RuntimeException | Error failure) {
            images.close();
            throw failure;
        }
    }

    /** The decoder is a small part of the work, and its masks are cut at 0: half precision would save little and move edges. */
    private static CompileOptions promptOptions(CompileOptions options) {
        boolean half = options.dtype() == DType.BFLOAT16 || options.dtype() == DType.FLOAT16;
        return half ? options.withDtype(DType.FLOAT32) : options;
    }

    /**
     * {@return the weights' names and shapes, as the original checkpoints have them}
     *
     * @param config the settings of the model
     */
    public static Map<String, Shape> parameters(Sam2Config config) {
        Graph images = new Sam2ImageEncoder(config).graph();
        Map<String, Shape> parameters = new LinkedHashMap<>(
                images.select(List.copyOf(images.outputs().keySet())).parameters());
        parameters.putAll(new Sam2PromptGraph(config).graph().parameters());
        return parameters;
    }

    /** {@return the settings} */
    public Sam2Config config() {
        return config;
    }

    /**
     * Encodes one image: float32 {@code [1, 3, S, S]}, normalised.
     *
     * @param pixels float32 {@code [1, 3, S, S]}, normalised
     * @return the features; good for any number of prompts
     */
    public ImageFeatures encode(HostTensor pixels) {
        return ImageFeatures.of(images.run(Map.of(HieraEncoder.INPUT, pixels), Sam2ImageEncoder.OUTPUTS));
    }

    /**
     * Computes the masks of some objects of an image.
     *
     * @param image the encoded image
     * @param batch prompts of objects of that image
     * @return masks and scores
     */
    public DecodedMasks decode(ImageFeatures image, PromptBatch batch) {
        check(batch.config().equals(config), "the prompts were made for another model");
        Sam2PromptGraph.Form form = batch.form();
        Map<String, HostTensor> results =
                prompts.run(feeds(image, batch), List.of(form.masks(), form.quality(), form.objectScore()));
        return new DecodedMasks(
                Objects.requireNonNull(results.get(form.masks())),
                Objects.requireNonNull(results.get(form.quality())),
                Objects.requireNonNull(results.get(form.objectScore())));
    }

    /**
     * {@return the encoded points of some objects, {@code [objects, capacity, dim]}; padding follows each prompt's tokens}
     *
     * @param image the encoded image
     * @param batch prompts of objects of that image
     */
    public HostTensor encodePoints(ImageFeatures image, PromptBatch batch) {
        String name = batch.form().sparse();
        return Objects.requireNonNull(
                prompts.run(feeds(image, batch), List.of(name)).get(name));
    }

    private static Map<String, HostTensor> feeds(ImageFeatures image, PromptBatch batch) {
        Map<String, HostTensor> feeds = new LinkedHashMap<>(image.feeds());
        feeds.putAll(batch.feeds());
        return feeds;
    }

    /** {@return bytes of native memory held between calls} */
    public long nativeBytes() {
        return images.nativeBytes() + prompts.nativeBytes();
    }

    /** Frees the native memory. Waits for runs under way; later calls say that the model is closed. */
    @Override
    public void close() {
        images.close();
        prompts.close();
    }
}
