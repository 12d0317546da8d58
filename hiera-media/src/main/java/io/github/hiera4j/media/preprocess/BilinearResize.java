package io.github.hiera4j.media.preprocess;

import io.github.hiera4j.media.Rgb8Image;
import io.github.hiera4j.media.resample.Crop;

/**
 * Bilinear resizing with half-pixel centres and no antialiasing, in float32, as computed by PyTorch's {@code interpolate} for
 * normalised frames in the training code of the Kinetics models. Each output sample reads two rows and two columns.
 */
public final class BilinearResize {
    private static final int CHANNELS = Rgb8Image.CHANNELS;

    private final Rgb8Image image;
    private final Crop crop;
    private final float[][] tables;
    private final Axis columns;
    private final Axis rows;
    private float[] upper;
    private float[] lower;
    private int upperRow = -1;
    private int lowerRow = -1;

    private BilinearResize(Rgb8Image image, Crop crop, Normalisation normalisation) {
        this.image = image;
        this.crop = crop;
        this.tables = new float[][] {normalisation.table(0), normalisation.table(1), normalisation.table(2)};
        this.columns = new Axis(image.width(), crop.resizedWidth(), crop.left(), crop.width());
        this.rows = new Axis(image.height(), crop.resizedHeight(), crop.top(), crop.height());
        this.upper = new float[crop.width() * CHANNELS];
        this.lower = new float[crop.width() * CHANNELS];
    }

    /** Normalises the image, resizes it and passes the crop's rows: planes of {@code width} red, green, blue values. */
    static void run(Rgb8Image image, Crop crop, Normalisation normalisation, RowSink sink) {
        new BilinearResize(image, crop, normalisation).run(sink);
    }

    private void run(RowSink sink) {
        float[] mixed = new float[upper.length];
        for (int y = 0; y < crop.height(); y++) {
            takeRows(rows.first[y], rows.second[y]);
            float weight = rows.weight[y];
            float rest = 1 - weight;
            for (int i = 0; i < mixed.length; i++) {
                mixed[i] = rest * upper[i] + weight * lower[i];
            }
            sink.accept(y, mixed);
        }
    }

    private void takeRows(int wantedUpper, int wantedLower) {
        if (wantedUpper == lowerRow && wantedUpper != upperRow) { // the lower row becomes the upper row
            float[] free = upper;
            upper = lower;
            lower = free;
            lowerRow = upperRow;
            upperRow = wantedUpper;
        }
        if (wantedUpper != upperRow) {
            resizeRow(wantedUpper, upper);
            upperRow = wantedUpper;
        }
        if (wantedLower != lowerRow) {
            resizeRow(wantedLower, lower);
            lowerRow = wantedLower;
        }
    }

    private void resizeRow(int y, float[] out) {
        byte[] pixels = image.bytes();
        int row = y * image.width() * CHANNELS;
        int width = crop.width();
        for (int channel = 0; channel < CHANNELS; channel++) {
            float[] table = tables[channel];
            for (int x = 0; x < width; x++) {
                float left = table[pixels[row + columns.first[x] * CHANNELS + channel] & 0xff];
                float right = table[pixels[row + columns.second[x] * CHANNELS + channel] & 0xff];
                float weight = columns.weight[x];
                out[channel * width + x] = (1 - weight) * left + weight * right;
            }
        }
    }

    /** Receives one finished row, whose array is reused afterwards. */
    interface RowSink {
        void accept(int y, float[] planes);
    }

    /** The two source samples around each output sample, and the weight of the second. */
    private static final class Axis {
        final int[] first;
        final int[] second;
        final float[] weight;

        Axis(int sourceSize, int size, int firstOutput, int outputs) {
            first = new int[outputs];
            second = new int[outputs];
            weight = new float[outputs];
            double scale = (double) sourceSize / size; // single precision would shift samples of wide frames
            for (int i = 0; i < outputs; i++) {
                double position = Math.max(0, scale * (firstOutput + i + 0.5) - 0.5);
                first[i] = Math.min((int) position, sourceSize - 1);
                second[i] = Math.min(first[i] + 1, sourceSize - 1);
                weight[i] = (float) Math.min(position - first[i], 1);
            }
        }
    }
}
