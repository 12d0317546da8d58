package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import java.nio.FloatBuffer;

/**
 * Low-resolution logits at the size of the original image: bilinear, half-pixel centres, edges clamped, no antialiasing.
 * Thread-safe once made.
 */
public final class MaskUpsampling {
    private final int size;
    private final Axis columns;
    private final Axis rows;

    /**
     * Prepares an upsampling.
     *
     * @param size height and width of the logits
     * @param height rows of the original image
     * @param width columns of the original image
     */
    public MaskUpsampling(int size, int height, int width) {
        check(size >= 1 && height >= 1 && width >= 1, "expected sizes of at least 1, got %d, %d, %d", size, height, width);
        this.size = size;
        this.columns = new Axis(size, width);
        this.rows = new Axis(size, height);
    }

    /** Takes one finished row of {@code width} logits, which is reused afterwards. */
    @FunctionalInterface
    public interface RowSink {
        void accept(int y, float[] logits);
    }

    /** Upsamples logits of {@code size × size} and hands over the rows from top to bottom. */
    public void run(FloatBuffer logits, RowSink sink) {
        check(logits.remaining() == size * size, "expected %d x %d logits, got %d", size, size, logits.remaining());
        float[] low = new float[size];
        float[] out = new float[columns.first.length];
        for (int y = 0; y < rows.first.length; y++) {
            int upper = logits.position() + rows.first[y] * size;
            int lower = logits.position() + rows.second[y] * size;
            float weight = rows.weight[y];
            for (int x = 0; x < size; x++) {
                low[x] = (1 - weight) * logits.get(upper + x) + weight * logits.get(lower + x);
            }
            for (int x = 0; x < out.length; x++) {
                float share = columns.weight[x];
                out[x] = (1 - share) * low[columns.first[x]] + share * low[columns.second[x]];
            }
            sink.accept(y, out);
        }
    }

    /** For each output the two inputs it lies between, and how near it is to the second. */
    private static final class Axis {
        final int[] first;
        final int[] second;
        final float[] weight;

        Axis(int from, int to) {
            first = new int[to];
            second = new int[to];
            weight = new float[to];
            for (int i = 0; i < to; i++) {
                double position = Math.max(0, (i + 0.5) * from / to - 0.5);
                first[i] = Math.min((int) position, from - 1);
                second[i] = Math.min(first[i] + 1, from - 1);
                weight[i] = (float) (position - first[i]);
            }
        }
    }
}
