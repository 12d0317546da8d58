package io.github.hiera4j.media.preprocess;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;

/**
 * Resizes an image to a network's square input without keeping its aspect ratio: bilinear with antialiasing on floats, without
 * intermediate rounding to bytes, as in SAM 2's image predictor (torchvision's {@code Resize} of a float tensor).
 *
 * <p>Per axis with scale {@code s = in / out}, centre {@code c = s · (i + 0.5)} and reach {@code r = max(s, 1)}, output {@code i}
 * is the mean of the inputs {@code k} weighted by {@code max(0, 1 - |k + 0.5 - c| / r)}. Thread-safe.
 *
 * @param size height and width of the network's input
 * @param normalisation mean and std
 */
public record FloatResize(int size, Normalisation normalisation) {
    private static final int CHANNELS = Rgb8Image.CHANNELS;
    private static final int LARGEST_SIZE = 1 << 14;

    /**
     * Checks the values.
     *
     * @param size height and width of the network's input
     * @param normalisation mean and std
     * @throws io.github.hiera4j.model.HieraException if a value is out of range
     */
    public FloatResize {
        check(size >= 1 && size <= LARGEST_SIZE, "the input size must be 1 to %d pixels, got %d", LARGEST_SIZE, size);
    }

    /**
     * {@return the network's input: float32 {@code [1, 3, size, size]}}
     *
     * @param image the picture
     */
    public HostTensor apply(Rgb8Image image) {
        HostTensor tensor = HostTensor.allocate(DType.FLOAT32, Shape.of(1, CHANNELS, size, size));
        Axis columns = new Axis(image.width(), size);
        Axis rows = new Axis(image.height(), size);
        int bands = Math.min(size, Runtime.getRuntime().availableProcessors());
        IntStream.range(0, bands).parallel().forEach(band -> {
            Band work = new Band(image, columns, rows, tensor.floats());
            work.run(size * band / bands, size * (band + 1) / bands);
        });
        return tensor;
    }

    /** Computes a range of output rows, keeping the horizontally resized rows that the current one reads. */
    private final class Band {
        private final byte[] pixels;
        private final int width;
        private final Axis columns;
        private final Axis rows;
        private final FloatBuffer target;
        private final float[][] ring;
        private final float[] sum = new float[CHANNELS * size];
        private final float[] mean = new float[CHANNELS];
        private final float[] scale = new float[CHANNELS];
        private int made;

        Band(Rgb8Image image, Axis columns, Axis rows, FloatBuffer target) {
            this.pixels = image.bytes();
            this.width = image.width();
            this.columns = columns;
            this.rows = rows;
            this.target = target;
            this.ring = new float[rows.mostTaps()][CHANNELS * size];
            for (int channel = 0; channel < CHANNELS; channel++) {
                mean[channel] = normalisation.mean().get(channel).floatValue();
                scale[channel] = normalisation.std().get(channel).floatValue();
            }
        }

        void run(int first, int end) {
            made = rows.first[first];
            for (int y = first; y < end; y++) {
                float[] weights = rows.weights[y];
                for (; made < rows.first[y] + weights.length; made++) {
                    resizeRow(made, ring[made % ring.length]);
                }
                java.util.Arrays.fill(sum, 0);
                for (int tap = 0; tap < weights.length; tap++) {
                    add(ring[(rows.first[y] + tap) % ring.length], weights[tap]);
                }
                write(y);
            }
        }

        private void add(float[] row, float weight) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * row[i];
            }
        }

        private void resizeRow(int y, float[] out) {
            int start = y * width;
            for (int x = 0; x < size; x++) {
                float[] weights = columns.weights[x];
                int position = (start + columns.first[x]) * CHANNELS;
                float red = 0;
                float green = 0;
                float blue = 0;
                for (float weight : weights) {
                    red += weight * (pixels[position] & 0xff);
                    green += weight * (pixels[position + 1] & 0xff);
                    blue += weight * (pixels[position + 2] & 0xff);
                    position += CHANNELS;
                }
                out[x] = red;
                out[size + x] = green;
                out[2 * size + x] = blue;
            }
        }

        private void write(int y) {
            for (int channel = 0; channel < CHANNELS; channel++) {
                for (int x = channel * size; x < (channel + 1) * size; x++) {
                    sum[x] = (sum[x] / 255 - mean[channel]) / scale[channel];
                }
                target.put((channel * size + y) * size, sum, channel * size, size);
            }
        }
    }

    /** For each output along an axis, the first input and the weights of the inputs starting there. */
    private static final class Axis {
        final int[] first;
        final float[][] weights;

        Axis(int from, int to) {
            first = new int[to];
            weights = new float[to][];
            double scale = (double) from / to;
            double reach = Math.max(scale, 1);
            for (int i = 0; i < to; i++) {
                double centre = scale * (i + 0.5);
                first[i] = (int) Math.max(centre - reach + 0.5, 0);
                int end = (int) Math.min(centre + reach + 0.5, from);
                weights[i] = weights(first[i], end, centre, reach);
            }
        }

        private static float[] weights(int first, int end, double centre, double reach) {
            double[] exact = new double[end - first];
            double total = 0;
            for (int tap = 0; tap < exact.length; tap++) {
                exact[tap] = Math.max(0, 1 - Math.abs(first + tap + 0.5 - centre) / reach);
                total += exact[tap];
            }
            float[] weights = new float[exact.length];
            for (int tap = 0; tap < weights.length; tap++) {
                weights[tap] = (float) (exact[tap] / total);
            }
            return weights;
        }

        int mostTaps() {
            int most = 1;
            for (float[] each : weights) {
                most = Math.max(most, each.length);
            }
            return most;
        }
    }
}
