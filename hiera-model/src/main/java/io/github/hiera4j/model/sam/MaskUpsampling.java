package io.github.hiera4j.model.sam;

import static io.github.hiera4j.model.Check.check;

import java.nio.FloatBuffer;

/**
 * Upsamples low-resolution logits to the size of the original image: bilinear, half-pixel centres, edges clamped, no
 * antialiasing. Thread-safe.
 */
public final class MaskUpsampling {
    private final int size;
    private final Axis columns;
    private final Axis rows;

    /**
     * Creates an upsampling.
     *
     * @param size height and width of the logits
     * @param height rows of the original image
     * @param width columns of the original image
     */
    public MaskUpsampling(int size, int height, int width) {
        check(
                size >= 1 && height >= 1 && width >= 1,
                "expected sizes of at least 1, got %d, %d, %d",
                size,
                height,
                width);
        this.size = size;
        this.columns = new Axis(size, width);
        this.rows = new Axis(size, height);
    }

    /** Receives one finished row or column of logits; the array is reused afterwards. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Receives a row or a column.
         *
         * @param index its number
         * @param logits the logits of the row or column
         */
        void accept(int index, float[] logits);
    }

    /**
     * Upsamples logits of {@code size × size}, row-major, and passes the rows from top to bottom.
     *
     * @param logits the mask's logits, row-major
     * @param sink receives the lines one by one
     */
    public void rows(FloatBuffer logits, Sink sink) {
        run(wide(logits, false), rows, columns, sink);
    }

    /**
     * Upsamples logits of {@code size × size}, row-major, and passes the columns from left to right.
     *
     * @param logits the mask's logits, row-major
     * @param sink receives the lines one by one
     */
    public void columns(FloatBuffer logits, Sink sink) {
        run(wide(logits, true), columns, rows, sink);
    }

    /** Returns the logits as an array, transposed if columns are requested. */
    private float[] wide(FloatBuffer logits, boolean transposed) {
        check(logits.remaining() == size * size, "expected %d x %d logits, got %d", size, size, logits.remaining());
        float[] values = new float[size * size];
        for (int i = 0; i < values.length; i++) {
            int from = transposed ? i % size * size + i / size : i;
            values[i] = logits.get(logits.position() + from);
        }
        return values;
    }

    /** Interpolates along the inner axis first: once for every line of the logits. */
    private void run(float[] logits, Axis outer, Axis inner, Sink sink) {
        int length = inner.first.length;
        float[][] lines = new float[2][length]; // line n of the logits is kept at n % 2
        int[] held = {-1, -1};
        float[] out = new float[length];
        for (int i = 0; i < outer.first.length; i++) {
            float[] before = line(lines, held, logits, outer.first[i], inner);
            float[] after = line(lines, held, logits, outer.second[i], inner);
            float share = outer.weight[i];
            for (int k = 0; k < length; k++) {
                out[k] = (1 - share) * before[k] + share * after[k];
            }
            sink.accept(i, out);
        }
    }

    private float[] line(float[][] lines, int[] held, float[] logits, int index, Axis inner) {
        float[] line = lines[index % 2];
        if (held[index % 2] != index) {
            held[index % 2] = index;
            int start = index * size;
            for (int k = 0; k < line.length; k++) {
                float share = inner.weight[k];
                line[k] = (1 - share) * logits[start + inner.first[k]] + share * logits[start + inner.second[k]];
            }
        }
        return line;
    }

    /** For each output the two inputs that it lies between, and the weight of the second. */
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
