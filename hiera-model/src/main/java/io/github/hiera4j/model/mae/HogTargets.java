package io.github.hiera4j.model.mae;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.network.HieraConfig;
import io.github.hiera4j.model.network.HieraEncoder;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Histograms of oriented gradients as targets of a masked autoencoder (Wei et al., 2022, "Masked Feature Prediction"; Dalal and Triggs,
 * 2005).
 *
 * <p>Gradients are computed with Sobel's 3 × 3 filters, with pixels mirrored at the border. For every channel and every cell of 8 × 8
 * pixels there is a histogram of 9 unsigned orientations, measured from the vertical: each pixel votes for one bin with the length of
 * its gradient, and the histogram is scaled to length 1. Brightness and contrast of a channel have no effect, so normalised pixels give
 * the same histograms as raw ones. Votes are not weighted by a Gaussian.
 *
 * <p>They depend only on pixels and are computed before a step, on the caller's thread, as the input {@link #INPUT} of graphs.
 */
public final class HogTargets {
    /** Pixels along the side of a cell. */
    public static final int CELL = 8;

    /** Orientations from 0 to 180 degrees. */
    public static final int BINS = 9;

    /** Input {@code [B, N, predictionDim]}: the histograms of every token of the decoder's grid in raster order. */
    public static final String INPUT = "gradient_histograms";

    private static final double LEAST_LENGTH = 1e-12;

    private HogTargets() {}

    /**
     * {@return the inputs that an autoencoder needs in addition to pixels and mask: the histograms if they are its target, otherwise none}
     *
     * @param config the autoencoder
     * @param feeds inputs that include the pixels
     */
    public static Map<String, HostTensor> feeds(MaeConfig config, Map<String, HostTensor> feeds) {
        HostTensor pixels = Objects.requireNonNull(feeds.get(HieraEncoder.INPUT), "pixels");
        return config.target() == MaeTarget.HOG ? Map.of(INPUT, of(config, pixels)) : Map.of();
    }

    /**
     * Returns the histograms of a batch. Of a video's temporal patch the first frame is used, as for pixels.
     *
     * @param config the autoencoder
     * @param pixels float32 {@code [B, C, (T,) H, W]}
     * @return {@code [B, N, predictionDim]}; a token's values in the order (cell row, cell column, channel, bin)
     */
    public static HostTensor of(MaeConfig config, HostTensor pixels) {
        HieraConfig encoder = config.encoder();
        List<Integer> size = encoder.inputSize();
        boolean isVideo = encoder.isVideo();
        int height = size.get(size.size() - 2);
        int width = size.get(size.size() - 1);
        int frames = isVideo ? size.get(0) : 1;
        int step = isVideo ? encoder.patchStride().get(0) : 1;
        int channels = encoder.inChans();
        int batch = pixels.shape().size(0);
        check(
                pixels.elements() == (long) batch * channels * frames * height * width,
                "expected pixels of %s, got %s",
                size,
                pixels.shape());
        float[] all = pixels.toFloats();
        Layout layout = new Layout(config.predictionStride() / CELL, width / config.predictionStride(), channels);
        int tokensPerFrame = (height / config.predictionStride()) * layout.tokenColumns();
        int shown = (frames + step - 1) / step;
        float[] histograms = new float[batch * shown * tokensPerFrame * config.predictionDim()];
        for (int sample = 0; sample < batch; sample++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int time = 0; time < shown; time++) {
                    int plane = ((sample * channels + channel) * frames + time * step) * height * width;
                    int tokens = (sample * shown + time) * tokensPerFrame;
                    vote(all, plane, height, width, histograms, tokens * config.predictionDim(), layout, channel);
                }
            }
        }
        scale(histograms);
        return HostTensor.of(Shape.of(batch, shown * tokensPerFrame, config.predictionDim()), histograms);
    }

    /** The arrangement of the histograms of cells. */
    private record Layout(int cells, int tokenColumns, int channels) {
        int start(int y, int x, int channel) {
            int row = y / CELL;
            int column = x / CELL;
            int token = (row / cells) * tokenColumns + column / cells;
            int inside = (row % cells) * cells + column % cells;
            return ((token * cells * cells + inside) * channels + channel) * BINS;
        }
    }

    private static void vote(
            float[] pixels, int plane, int height, int width, float[] out, int first, Layout layout, int channel) {
        for (int y = 0; y < height; y++) {
            int above = plane + mirrored(y - 1, height) * width;
            int here = plane + y * width;
            int below = plane + mirrored(y + 1, height) * width;
            for (int x = 0; x < width; x++) {
                int left = mirrored(x - 1, width);
                int right = mirrored(x + 1, width);
                double gradientX = pixels[above + right]
                        - pixels[above + left]
                        + 2.0 * (pixels[here + right] - pixels[here + left])
                        + pixels[below + right]
                        - pixels[below + left];
                double gradientY = pixels[below + left]
                        - pixels[above + left]
                        + 2.0 * (pixels[below + x] - pixels[above + x])
                        + pixels[below + right]
                        - pixels[above + right];
                double angle =
                        Math.atan2(gradientX, gradientY); // -π to π from the vertical; opposite directions share a bin
                int bin = Math.floorMod((int) Math.floor(angle / Math.PI * BINS), BINS);
                out[first + layout.start(y, x, channel) + bin] += (float) Math.hypot(gradientX, gradientY);
            }
        }
    }

    private static int mirrored(int position, int size) {
        int back = position < 0 ? -position : position >= size ? 2 * size - 2 - position : position;
        return Math.max(0, back); // a single pixel
    }

    /** Scales every histogram to length 1; a uniform area stays 0. */
    private static void scale(float[] histograms) {
        for (int start = 0; start < histograms.length; start += BINS) {
            double squares = 0;
            for (int bin = start; bin < start + BINS; bin++) {
                squares += (double) histograms[bin] * histograms[bin];
            }
            double length = Math.max(Math.sqrt(squares), LEAST_LENGTH);
            for (int bin = start; bin < start + BINS; bin++) {
                histograms[bin] = (float) (histograms[bin] / length);
            }
        }
    }
}
