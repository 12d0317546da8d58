package io.github.hiera4j.train.report;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.preprocess.Normalisation;
import io.github.hiera4j.model.backend.CompileOptions;
import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.graph.Graph;
import io.github.hiera4j.model.mae.HieraMae;
import io.github.hiera4j.model.mae.MaeConfig;
import io.github.hiera4j.model.mae.MaskUnits;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.weights.WeightSource;
import io.github.hiera4j.torch.TorchBackend;
import io.github.hiera4j.train.optimize.Randomness;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Masked, reconstructed and original pictures of an autoencoder.
 *
 * <p>The decoder predicts normalised patches; they are shown with mean and deviation of the true patch, as in the paper's figures.
 * For a clip, the middle one of the reconstructed frames is shown.
 */
public final class Triptych {
    private final MaeConfig config;
    private final Normalisation normalisation;
    private final double maskRatio;

    /**
     * Creates pictures of an autoencoder's reconstructions.
     *
     * @param config the settings of the autoencoder
     * @param maskRatio fraction of the mask units that are masked, 0 to 1
     * @param normalisation mean and deviation of the pixels
     */
    public Triptych(MaeConfig config, double maskRatio, Normalisation normalisation) {
        this.config = config;
        this.maskRatio = maskRatio;
        this.normalisation = normalisation;
    }

    /**
     * The pictures of one sample.
     *
     * @param masked the input of the encoder; masked patches are black
     * @param reconstructed the masked patches as predicted by the decoder
     */
    public record Pictures(Rgb8Image masked, Rgb8Image reconstructed, Rgb8Image original) {}

    /** Runs the autoencoder. */
    interface Network {
        /** Returns the output {@link HieraMae#PREDICTION} of a graph. */
        HostTensor predict(Graph graph, Map<String, HostTensor> feeds);
    }

    /**
     * Reconstructs every sample of a batch.
     *
     * @param weights of the autoencoder
     * @param pixels normalised, {@code [B, 3, (frames,) height, width]}
     * @return the pictures: masked, reconstructed, original
     */
    public List<Pictures> reconstruct(WeightSource weights, HostTensor pixels) {
        return reconstruct(pixels, (graph, feeds) -> {
            try (Session session = new TorchBackend().compile(graph, weights, CompileOptions.DEFAULT)) {
                return Objects.requireNonNull(session.run(feeds).get(HieraMae.PREDICTION));
            }
        });
    }

    /** Reconstructs every sample of a batch, with the same masks in every call. */
    List<Pictures> reconstruct(HostTensor pixels, Network network) {
        int batch = pixels.shape().size(0);
        Graph graph = new HieraMae(config).inferenceGraph(maskRatio).select(HieraMae.PREDICTION);
        MaskUnits mask = MaskUnits.random(config, batch, maskRatio, Randomness.of(3));
        Map<String, HostTensor> feeds = new HashMap<>(mask.feeds(config));
        HostTensor hidden = Objects.requireNonNull(feeds.get(HieraMae.HIDDEN_TOKENS));
        feeds.put(HieraEncoder.INPUT, pixels);
        HostTensor prediction = network.predict(graph, feeds);
        return IntStream.range(0, batch)
                .mapToObj(sample -> pictures(pixels.slice(sample), prediction.slice(sample), hidden.slice(sample)))
                .toList();
    }

    private Pictures pictures(HostTensor pixels, HostTensor prediction, HostTensor hidden) {
        boolean video = config.encoder().isVideo();
        List<Integer> grid = config.decoderGrid();
        int axes = grid.size();
        int columns = grid.get(axes - 1);
        int area = grid.get(axes - 2) * columns;
        int shownTime = video ? grid.get(0) / 2 : 0;
        float[][] original =
                frame(pixels, video ? shownTime * config.encoder().patchStride().get(0) : 0);
        float[][] reconstructed = {original[0].clone(), original[1].clone(), original[2].clone()};
        float[][] masked = {original[0].clone(), original[1].clone(), original[2].clone()};
        for (int i = 0; i < hidden.elements(); i++) {
            int token = (int) hidden.get(i);
            if (token / area == shownTime) {
                int place = token % area;
                putPatch(reconstructed, masked, prediction.slice(i), place / columns, place % columns, video);
            }
        }
        return new Pictures(picture(masked), picture(reconstructed), picture(original));
    }

    private float[][] frame(HostTensor pixels, int time) {
        List<Integer> size = config.encoder().inputSize();
        int area = size.get(size.size() - 1) * size.get(size.size() - 2);
        int frames = config.encoder().isVideo() ? size.get(0) : 1;
        float[] all = pixels.toFloats();
        float[][] planes = new float[3][];
        for (int channel = 0; channel < 3; channel++) {
            int start = (channel * frames + time) * area;
            planes[channel] = java.util.Arrays.copyOfRange(all, start, start + area);
        }
        return planes;
    }

    private void putPatch(
            float[][] reconstructed, float[][] masked, HostTensor patch, int row, int column, boolean video) {
        int side = config.predictionStride();
        int width = width();
        int count = 3 * side * side;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            float value = reconstructed[i / (side * side)][at(row, column, i % (side * side), side, width)];
            sum += value;
            squares += value * value;
        }
        double mean = sum / count;
        double deviation = Math.sqrt(Math.max(0, (squares - count * mean * mean) / (count - 1)) + 1e-6);
        for (int channel = 0; channel < 3; channel++) {
            for (int inside = 0; inside < side * side; inside++) {
                int index = video ? inside * 3 + channel : channel * side * side + inside;
                int position = at(row, column, inside, side, width);
                reconstructed[channel][position] = (float) (mean + deviation * patch.get(index));
                masked[channel][position] = 0;
            }
        }
    }

    private int width() {
        List<Integer> size = config.encoder().inputSize();
        return size.get(size.size() - 1);
    }

    private static int at(int row, int column, int inside, int side, int width) {
        return (row * side + inside / side) * width + column * side + inside % side;
    }

    private Rgb8Image picture(float[][] planes) {
        int area = planes[0].length;
        byte[] rgb = new byte[3 * area];
        for (int i = 0; i < area; i++) {
            for (int channel = 0; channel < 3; channel++) {
                double value = planes[channel][i] * normalisation.std().get(channel)
                        + normalisation.mean().get(channel);
                rgb[3 * i + channel] = (byte) Math.max(0, Math.min(255, Math.rint(255 * value)));
            }
        }
        return Rgb8Image.wrap(width(), area / width(), rgb);
    }
}
