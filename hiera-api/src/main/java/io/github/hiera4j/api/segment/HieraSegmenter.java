package io.github.hiera4j.api.segment;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.image.ImageReader;
import io.github.hiera4j.media.preprocess.FloatResize;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.backend.Backend;
import io.github.hiera4j.model.backend.RunGuard;
import io.github.hiera4j.model.sam.DecodedMasks;
import io.github.hiera4j.model.sam.PromptBatch;
import io.github.hiera4j.model.sam.Sam2Config;
import io.github.hiera4j.model.sam.Sam2Model;
import io.github.hiera4j.model.sam.Sam2Prompt;
import io.github.hiera4j.model.sam.checkpoint.Sam2Checkpoint;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.FiniteWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A SAM 2 model with its weights: an image is encoded once, then prompts are answered with masks in milliseconds.
 *
 * <pre>{@code
 * try (HieraSegmenter segmenter = HieraSegmenter.load(Path.of("sam2.1_hiera_tiny.pt"))) {
 *     EmbeddedImage image = segmenter.embed(Path.of("dog.jpg"));
 *     Mask dog = segmenter.segment(image, Prompt.point(420, 310)).get(0);
 * }
 * }</pre>
 *
 * <p>Safe to call from several threads, with several images at a time. Holds native memory until it is closed; its results are
 * plain Java and stay valid afterwards, but an {@link EmbeddedImage} can only be prompted while it is open. Closing waits for
 * running calls; later calls fail.
 */
public final class HieraSegmenter implements AutoCloseable {
    /** Prompts that the decoder computes at once: enough to be efficient, and 16 MB of logits. */
    private static final int BATCH = 16;

    /** The largest number of prompts in one call. */
    private static final int MOST_PROMPTS = 10_000;

    private final Sam2Model model;
    private final String backend;
    private final FloatResize resize;
    private final RunGuard guard = new RunGuard("the segmenter is closed: load it again to use it");

    private HieraSegmenter(Sam2Model model, String backend) {
        this.model = model;
        this.backend = backend;
        this.resize = new FloatResize(model.config().imageSize(), Normalisation.IMAGENET);
    }

    /**
     * Loads a model with the preferred backend, in float32.
     *
     * @param checkpoint an official {@code .pt} of SAM 2 or SAM 2.1, or a directory of transformers
     * @return the segmenter; the caller closes it
     */
    public static HieraSegmenter load(Path checkpoint) {
        return load(checkpoint, SegmenterOptions.DEFAULT);
    }

    /**
     * Loads a model.
     *
     * @param path an official {@code .pt} of SAM 2 or SAM 2.1, or a directory of transformers
     * @param options backend, element type, threads
     * @return the segmenter; the caller closes it
     * @throws io.github.hiera4j.model.HieraException if it contains no such model, a damaged one, or one that the backend cannot run
     */
    public static HieraSegmenter load(Path path, SegmenterOptions options) {
        try (Sam2Checkpoint checkpoint = Sam2Checkpoint.open(path, options.configFile())) {
            Sam2Config config = checkpoint.config();
            check(
                    config.trunk().inChans() == 3,
                    "%s: expected a model of RGB images, got one with %d channels",
                    path,
                    config.trunk().inChans());
            checkpoint.report().requireExact();
            Backend engine = options.engine();
            FiniteWeights weights = new FiniteWeights(checkpoint.weights());
            return new HieraSegmenter(Sam2Model.compile(config, weights, engine, options.compile()), engine.name());
        }
    }

    /** {@return the configuration of the image encoder and the mask decoder} */
    public Sam2Config config() {
        return model.config();
    }

    /** {@return the backend that runs it} */
    public String backend() {
        return backend;
    }

    /**
     * Reads and encodes an image file: the expensive step, which is needed once for any number of prompts.
     *
     * @param file an image of any size in a supported format
     * @return the encoded image; it can be prompted until this segmenter is closed
     * @throws io.github.hiera4j.model.HieraException if the file cannot be read
     */
    public EmbeddedImage embed(Path file) {
        return embed(ImageReader.read(file));
    }

    /**
     * Encodes an image: the expensive step, which is needed once for any number of prompts.
     *
     * @param image a decoded image of any size
     * @return the encoded image; it can be prompted until this segmenter is closed
     */
    public EmbeddedImage embed(Rgb8Image image) {
        HostTensor pixels = resize.apply(image);
        return guard.during(() -> new EmbeddedImage(this, image.height(), image.width(), model.encode(pixels)));
    }

    /**
     * Returns the masks of one object.
     *
     * @param image an image that this segmenter has encoded
     * @param prompt points, a box or a mask of the object, in pixels of the image
     * @return one mask, or three for a prompt {@link Prompt#withAlternatives}, the one of the highest predicted quality first
     * @throws io.github.hiera4j.model.HieraException if a position lies outside the image, the image belongs to another segmenter,
     *     or this one is closed
     */
    public List<Mask> segment(EmbeddedImage image, Prompt prompt) {
        return segmentAll(image, List.of(prompt)).get(0);
    }

    /**
     * Returns the masks of several objects of one image, in the order of the prompts: see {@link #segment}.
     *
     * @param image an image that this segmenter has encoded
     * @param prompts one per object, at most 10,000
     * @return the masks of each prompt, in the order of the prompts
     */
    public List<List<Mask>> segmentAll(EmbeddedImage image, List<Prompt> prompts) {
        check(image.isOf(this), "the image was encoded by another segmenter");
        check(prompts.size() <= MOST_PROMPTS, "expected up to %d prompts, got %d", MOST_PROMPTS, prompts.size());
        MaskTracer tracer = new MaskTracer(config().maskSize(), image.height(), image.width());
        List<List<Mask>> answers = new ArrayList<>();
        for (int first = 0; first < prompts.size(); ) {
            int end = first + 1;
            boolean masked = prompts.get(first).hasMask();
            while (end < prompts.size()
                    && end - first < BATCH
                    && prompts.get(end).hasMask() == masked) {
                end++;
            }
            List<Prompt> batch = prompts.subList(first, end);
            DecodedMasks decoded = decode(image, batch);
            for (int object = 0; object < batch.size(); object++) {
                answers.add(masks(decoded, object, batch.get(object).alternatives(), tracer));
            }
            first = end;
        }
        return answers;
    }

    /** Returns the decoder's masks for prompts; either all of them contain a mask or none does. */
    DecodedMasks decode(EmbeddedImage image, List<Prompt> prompts) {
        List<Sam2Prompt> scaled = new ArrayList<>();
        for (Prompt prompt : prompts) {
            scaled.add(prompt.scaled(image.height(), image.width(), config().imageSize(), config().maskSize()));
        }
        return guard.during(() -> model.decode(image.features(), new PromptBatch(config(), scaled)));
    }

    private List<Mask> masks(DecodedMasks decoded, int object, boolean alternatives, MaskTracer tracer) {
        List<Mask> masks = new ArrayList<>();
        for (int index : decoded.chosen(object, alternatives, config().maskChoice())) {
            masks.add(mask(decoded, object, index, tracer));
        }
        masks.sort((a, b) -> Float.compare(b.quality(), a.quality()));
        return List.copyOf(masks);
    }

    static Mask mask(DecodedMasks decoded, int object, int index, MaskTracer tracer) {
        HostTensor logits = decoded.mask(object, index).to(DType.FLOAT32);
        MaskTracer.Traced traced = tracer.trace(logits.floats());
        return new Mask(
                traced.runs(),
                decoded.qualityOf(object)[index],
                (float) decoded.objectScore().get(object),
                traced.stability(),
                logits.toFloats());
    }

    /**
     * Returns the masks of everything in an image: see {@link AutomaticSettings}.
     *
     * @param image a decoded image of any size
     * @param settings the grid of points and the thresholds that keep a mask
     * @return the masks, the best first
     */
    public List<Mask> segmentEverything(Rgb8Image image, AutomaticSettings settings) {
        return new AutomaticMasks(this, settings).run(image);
    }

    /** {@return the bytes of native memory held between calls} */
    public long nativeBytes() {
        return guard.during(model::nativeBytes);
    }

    /** Waits for running calls and frees the native memory; a second call does nothing. */
    @Override
    public void close() {
        guard.close(model::close);
    }
}
