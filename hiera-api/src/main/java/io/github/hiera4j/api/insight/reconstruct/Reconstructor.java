package io.github.hiera4j.api.insight.reconstruct;

import static io.github.hiera4j.model.Check.checkSupported;

import io.github.hiera4j.api.HieraGraph;
import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.MediaInput;
import io.github.hiera4j.api.insight.picture.Grid;
import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.video.ClipSampler;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaeTarget;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.network.ModelConfig;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Shows a masked autoencoder's reconstructions of pictures and clips (paper Figure 4).
 *
 * <p>The decoder predicts patches that were normalised individually. {@link Inverse} determines how they are converted to pixels. Safe
 * to call from several threads; holds native memory until it is closed.
 */
public final class Reconstructor implements AutoCloseable {
    private final HieraGraph model;
    private final MaeConfig config;
    private final List<MaskUnits> masks;
    private final PatchLayout layout;

    /** The conversion of normalised patches to pixels. */
    public enum Inverse {
        /** Uses mean and deviation of the masked patch itself, as in the paper's figures: brightness and contrast are not predicted. */
        OWN_STATISTICS,
        /** Uses only the prediction: every patch has the data set's mean brightness; nothing of the masked pixels is used. */
        AS_PREDICTED
    }

    private Reconstructor(HieraGraph model, List<MaskUnits> masks) {
        this.model = model;
        this.config = (MaeConfig) model.config();
        this.masks = masks;
        this.layout = new PatchLayout(config);
    }

    /**
     * Loads a masked autoencoder.
     *
     * @param weights a checkpoint with a decoder
     * @param options the loading options
     * @param choice the choice of the masked units
     * @return the loaded model
     * @throws io.github.hiera4j.model.HieraException if it cannot be loaded, is not an autoencoder, or the mask does not fit it
     */
    public static Reconstructor load(Path weights, LoadOptions options, MaskChoice choice) {
        List<MaskUnits> masks = new ArrayList<>();
        HieraGraph model = HieraGraph.load(weights, options, config -> graph(weights, config, choice, masks));
        return new Reconstructor(model, masks);
    }

    private static Graph graph(Path weights, ModelConfig config, MaskChoice choice, List<MaskUnits> masks) {
        checkSupported(
                config instanceof MaeConfig,
                "%s: has no decoder and cannot reconstruct: choose the weights of a masked autoencoder, such as"
                        + " mae_hiera_base_224",
                weights);
        MaeConfig autoencoder = (MaeConfig) config;
        checkSupported(
                autoencoder.target() == MaeTarget.NORMALISED_PIXELS,
                "%s: predicts other targets than normalised pixels, which cannot be shown as pictures",
                weights);
        masks.addAll(choice.masksFor(autoencoder));
        return new HieraMae(autoencoder).inferenceGraph(masks.get(0).keep());
    }

    /** {@return the settings of the autoencoder} */
    public MaeConfig config() {
        return config;
    }

    /** {@return the network, for preparing views} */
    public HieraGraph model() {
        return model;
    }

    /** {@return the time from one shown frame of a clip to the next, in milliseconds} */
    public int millisecondsPerFrame() {
        boolean video = config.encoder().isVideo();
        int step = video
                ? config.encoder().patchStride().get(0) * model.readOptions().stride()
                : 1;
        return (int) Math.rint(1000 * step / ClipSampler.TRAINING_FRAME_RATE);
    }

    /**
     * Reconstructs an image, or the middle clip of a video.
     *
     * @param input the image or video
     * @param inverse the conversion of patches to pixels
     * @return the reconstruction
     */
    public Reconstruction reconstruct(MediaInput input, Inverse inverse) {
        return reconstruct(model.view(input), inverse);
    }

    /**
     * Reconstructs a view.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @param inverse the conversion of patches to pixels
     * @return the reconstruction
     */
    public Reconstruction reconstruct(HostTensor view, Inverse inverse) {
        return reconstruct(view, inverse, masks);
    }

    /**
     * Reconstructs a view with another random mask, which hides as many mask units as this reconstructor's own.
     *
     * @param view normalised pixels {@code [1, 3, (T,) H, W]}
     * @param inverse the conversion of patches to pixels
     * @param seed of the mask
     * @return the reconstruction
     */
    public Reconstruction reconstruct(HostTensor view, Inverse inverse, long seed) {
        int units = masks.get(0).units();
        double ratio = 1 - (masks.get(0).keep() + 0.5) / units;
        return reconstruct(view, inverse, List.of(MaskUnits.random(config, 1, ratio, new SplittableRandom(seed))));
    }

    /** {@return the fraction of the mask units that are masked} */
    public double maskRatio() {
        return 1 - (double) masks.get(0).keep() / masks.get(0).units();
    }

    private Reconstruction reconstruct(HostTensor view, Inverse inverse, List<MaskUnits> drawn) {
        float[] original = layout.shownFrames(view);
        MaskSums sums = new MaskSums(layout);
        List<float[]> first = List.of();
        double loss = 0;
        List<Grid> error = List.of();
        for (MaskUnits mask : drawn) {
            Pass pass = new Pass(view, mask);
            loss += pass.loss / drawn.size();
            sums.add(pass.hidden, token -> pass.patch(original, token, inverse));
            if (first.isEmpty()) {
                first = pass.pictures(original, inverse);
                error = pass.errors();
            }
        }
        float[] mean = original.clone();
        List<Grid> uncertainty = sums.finish(mean, model.normalisation());
        return new Reconstruction(
                pictures(original),
                pictures(first.get(0)),
                pictures(first.get(1)),
                pictures(first.get(2)),
                error,
                loss,
                pictures(mean),
                uncertainty,
                HostTensor.of(Shape.of(3, layout.frames, layout.height, layout.width), first.get(2)));
    }

    private List<Rgb8Image> pictures(float[] pixels) {
        return model.pictures(layout.tensor(pixels));
    }

    /** The results of one mask: the predictions of all patches, and the loss over the masked ones. */
    private final class Pass {
        final boolean[] hidden;
        final double loss;
        private final float[][] predictions;
        private final double[] errors;

        Pass(HostTensor view, MaskUnits mask) {
            Map<String, HostTensor> feeds = new HashMap<>(mask.feeds(config));
            feeds.put(HieraEncoder.INPUT, view);
            HostTensor hiddenTokens = Objects.requireNonNull(feeds.get(HieraMae.HIDDEN_TOKENS));
            predictions = new float[layout.tokens()][];
            errors = new double[layout.tokens()];
            hidden = new boolean[layout.tokens()];
            Map<String, HostTensor> results =
                    model.run(feeds, List.of(HieraMae.PREDICTION, HieraMae.TARGET, HieraMae.LOSS));
            loss = result(results, HieraMae.LOSS).get(0);
            HostTensor target = result(results, HieraMae.TARGET).slice(0);
            keep(result(results, HieraMae.PREDICTION), hiddenTokens);
            for (int i = 0; i < hiddenTokens.elements(); i++) {
                int token = (int) hiddenTokens.get(i);
                hidden[token] = true;
                errors[token] = squaredError(predictions[token], target.slice(i).toFloats());
            }
            predictVisible(feeds, hiddenTokens.elements());
        }

        /** Predicts the visible patches in further runs: each run of the graph predicts as many patches as are masked. */
        private void predictVisible(Map<String, HostTensor> feeds, int room) {
            int[] visible = java.util.stream.IntStream.range(0, hidden.length)
                    .filter(token -> !hidden[token])
                    .toArray();
            for (int start = 0; start < visible.length; start += room) {
                long[] asked = new long[room];
                for (int i = 0; i < room; i++) {
                    asked[i] = visible[Math.min(visible.length - 1, start + i)];
                }
                HostTensor tokens = HostTensor.of(Shape.of(1, room), asked);
                feeds.put(HieraMae.HIDDEN_TOKENS, tokens);
                keep(result(model.run(feeds, List.of(HieraMae.PREDICTION)), HieraMae.PREDICTION), tokens);
            }
        }

        private void keep(HostTensor prediction, HostTensor tokens) {
            HostTensor rows = prediction.slice(0);
            for (int i = 0; i < tokens.elements(); i++) {
                predictions[(int) tokens.get(i)] = rows.slice(i).toFloats();
            }
        }

        /** Returns a token's prediction as normalised pixels. */
        float[] patch(float[] original, int token, Inverse inverse) {
            float[] values = predictions[token].clone();
            if (inverse == Inverse.OWN_STATISTICS) {
                double[] statistics = layout.statistics(original, token);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (statistics[0] + statistics[1] * values[i]);
                }
            }
            return values;
        }

        /** Returns the masked picture, the prediction, and the prediction with the visible patches pasted. */
        List<float[]> pictures(float[] original, Inverse inverse) {
            float[] masked = original.clone();
            float[] predicted = original.clone();
            float[] pasted = original.clone();
            float[] grey = new float[layout.values()];
            for (int token = 0; token < hidden.length; token++) {
                float[] patch = patch(original, token, inverse);
                layout.put(predicted, token, patch);
                if (hidden[token]) {
                    layout.put(masked, token, grey);
                    layout.put(pasted, token, patch);
                }
            }
            return List.of(masked, predicted, pasted);
        }

        /** Returns the error of every masked patch, frame by frame. */
        List<Grid> errors() {
            int area = layout.rows * layout.columns;
            List<Grid> grids = new ArrayList<>();
            for (int frame = 0; frame < layout.frames; frame++) {
                float[] values = new float[area];
                for (int i = 0; i < area; i++) {
                    values[i] = (float) errors[frame * area + i];
                }
                grids.add(new Grid(layout.rows, layout.columns, values));
            }
            return grids;
        }
    }

    private static HostTensor result(Map<String, HostTensor> results, String name) {
        return Objects.requireNonNull(results.get(name));
    }

    private static double squaredError(float[] prediction, float[] target) {
        double sum = 0;
        for (int i = 0; i < prediction.length; i++) {
            double difference = prediction[i] - target[i];
            sum += difference * difference;
        }
        return sum / prediction.length;
    }

    @Override
    public void close() {
        model.close();
    }
}
