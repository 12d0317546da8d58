package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.network.Hiera;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.model.weights.WeightSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An image model of the SAM 2 family with its weights on an engine. An image is encoded once; masks are then computed for any number
 * of prompts. Thread-safe; holds native memory until it is closed.
 */
public final class Sam2Model implements AutoCloseable {
    /** IoU of masks in int8 and in float32, as measured; see docs/segmentation.md. */
    private static final double INTEGER_OVERLAP = 0.95;

    private static final double LEAST_OVERLAP = 0.99;

    private static final List<String> STAGES =
            IntStream.rangeClosed(1, Sam2Config.LEVELS).mapToObj(Hiera::stage).toList();

    private final Sam2Config config;
    private final Session images;
    private final @Nullable Session neck; // null if the first session includes it
    private final Session prompts;

    private Sam2Model(Sam2Config config, Session images, @Nullable Session neck, Session prompts) {
        this.config = config;
        this.images = images;
        this.neck = neck;
        this.prompts = prompts;
    }

    /**
     * Prepares both parts. Half precision applies to the trunk of the image encoder; the neck and the mask decoder, a small part of the
     * work whose results are thresholded at 0, stay in float32. There is no int8: with an encoder in int8, the IoU with the masks of
     * float32 is {@value #INTEGER_OVERLAP} on average (sam2.1_hiera_tiny at 1024 pixels), and {@value #LEAST_OVERLAP} is required.
     *
     * @param config the settings of the model
     * @param weights the weights under the names of the original checkpoints
     * @param backend the backend
     * @param options element type, device and threads
     * @return the model; the caller closes it
     * @throws io.github.hiera4j.model.HieraException if the element type is an integer, or the backend does not support the options
     */
    public static Sam2Model compile(Sam2Config config, WeightSource weights, Backend backend, CompileOptions options) {
        check(
                options.dtype().isFloating(),
                "SAM 2 does not run in %s: the IoU with its float32 masks is %s on average, and %s is required; use"
                        + " bfloat16 or float32",
                options.dtype(),
                INTEGER_OVERLAP,
                LEAST_OVERLAP);
        boolean half = options.dtype() == DType.BFLOAT16 || options.dtype() == DType.FLOAT16;
        CompileOptions exact = half ? options.withDtype(DType.FLOAT32) : options;
        Sam2ImageEncoder encoder = new Sam2ImageEncoder(config);
        List<Session> compiled = new ArrayList<>();
        try {
            compiled.add(backend.compile(
                    encoder.graph().select(half ? STAGES : Sam2ImageEncoder.OUTPUTS), weights, options));
            Session neck =
                    half ? backend.compile(encoder.neckGraph().select(Sam2ImageEncoder.OUTPUTS), weights, exact) : null;
            if (neck != null) {
                compiled.add(neck);
            }
            Session prompts = backend.compile(new Sam2PromptGraph(config).graph(), weights, exact);
            return new Sam2Model(config, compiled.get(0), neck, prompts);
        } catch (RuntimeException | Error failure) {
            compiled.forEach(Session::close);
            throw failure;
        }
    }

    /**
     * {@return the names and shapes of the weights in the original checkpoints}
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
     * @return the features, for any number of prompts
     */
    public ImageFeatures encode(HostTensor pixels) {
        Map<String, HostTensor> inputs = Map.of(HieraEncoder.INPUT, pixels);
        Session exact = neck;
        return ImageFeatures.of(
                exact == null
                        ? images.run(inputs, Sam2ImageEncoder.OUTPUTS)
                        : exact.run(images.run(inputs, STAGES), Sam2ImageEncoder.OUTPUTS));
    }

    /**
     * Computes the masks of some objects of an image.
     *
     * @param image the encoded image
     * @param batch prompts of objects of that image
     * @return masks and scores
     */
    public DecodedMasks decode(ImageFeatures image, PromptBatch batch) {
        check(batch.config().equals(config), "the prompts were created for another model");
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

    /** {@return the number of bytes of native memory held between calls} */
    public long nativeBytes() {
        Session exact = neck;
        return images.nativeBytes() + (exact == null ? 0 : exact.nativeBytes()) + prompts.nativeBytes();
    }

    /** Waits for runs in progress, then frees the native memory; later calls throw an exception which says that the model is closed. */
    @Override
    public void close() {
        images.close();
        if (neck != null) {
            neck.close();
        }
        prompts.close();
    }
}
