package io.github.hiera4j.media.resample;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For one axis, the source samples that each output sample reads, with their fixed-point weights.
 *
 * <p>The arithmetic is Pillow's: the filter is stretched by the scale when shrinking (antialiasing), taps outside the
 * source are dropped and the rest renormalised in double precision, then rounded to 22 fractional bits.
 */
public final class ResampleAxis {
    /** 32 bits less 8 for the sample and 2 for overshoot and sign. */
    static final int FRACTION_BITS = 22;

    private static final int CACHED_AXES = 64;
    private static final int CACHED_WEIGHTS = 1 << 16;
    private static final Map<Key, ResampleAxis> CACHE = new ConcurrentHashMap<>();

    final int outputs;
    /** Weights stored per output; an output with fewer taps leaves the rest unused. */
    final int stride;
    /** The first source sample of each output. */
    final int[] first;
    /** The number of source samples of each output. */
    final int[] taps;
    /** {@code [outputs, stride]}. */
    final int[] weights;

    private ResampleAxis(Key key) {
        double scale = (double) (key.to - key.from) / key.size; // single precision inside, as in Pillow
        double filterScale = Math.max(scale, 1);
        double inverse = 1 / filterScale;
        double support = key.interpolation.support() * filterScale;
        outputs = key.outputs;
        stride = Math.min(key.sourceSize, (int) Math.ceil(support) * 2 + 1);
        first = new int[outputs];
        taps = new int[outputs];
        weights = new int[Math.multiplyExact(outputs, stride)];
        double[] exact = new double[stride];
        for (int i = 0; i < outputs; i++) {
            double center = key.from + (key.firstOutput + i + 0.5) * scale;
            first[i] = Math.max(0, (int) (center - support + 0.5));
            taps[i] = Math.min(key.sourceSize, (int) (center + support + 0.5)) - first[i];
            double sum = 0;
            for (int k = 0; k < taps[i]; k++) {
                exact[k] = key.interpolation.weight((k + first[i] - center + 0.5) * inverse);
                sum += exact[k];
            }
            for (int k = 0; k < taps[i]; k++) {
                double normalised = sum == 0 ? exact[k] : exact[k] / sum;
                weights[i * stride + k] = (int) (normalised * (1 << FRACTION_BITS) + Math.copySign(0.5, normalised));
            }
        }
    }

    /**
     * Returns the outputs {@code firstOutput} to {@code firstOutput + outputs - 1} of resizing a range of a source axis.
     *
     * @param sourceSize number of source samples; taps may read outside the range, never outside the source
     * @param from start of the range, in source samples
     * @param to end of the range
     * @param size number of outputs for the whole range
     */
    static ResampleAxis of(
            Interpolation interpolation, int sourceSize, float from, float to, int size, int firstOutput, int outputs) {
        Key key = new Key(interpolation, sourceSize, from, to, size, firstOutput, outputs);
        ResampleAxis cached = CACHE.get(key);
        if (cached != null) {
            return cached;
        }
        ResampleAxis axis = new ResampleAxis(key);
        if (axis.weights.length <= CACHED_WEIGHTS) {
            if (CACHE.size() >= CACHED_AXES) {
                CACHE.clear(); // for data sets of many sizes, clearing is simpler than evicting entries
            }
            CACHE.put(key, axis);
        }
        return axis;
    }

    /** Returns the source sample after the last one that an output reads. */
    int end(int output) {
        return first[output] + taps[output];
    }

    /**
     * Computes one output for many lines at once: {@code sums[i]} becomes the weighted sum of the lines' samples i, rounded and clipped
     * to 0 to 255.
     *
     * @param ring source line n is {@code ring[n % ring.length]}
     */
    void weigh(int output, int[][] ring, int[] sums) {
        Arrays.fill(sums, 1 << (FRACTION_BITS - 1));
        int line = first[output];
        int weight = output * stride;
        int end = weight + taps[output];
        for (; weight + 1 < end; weight += 2, line += 2) {
            int[] next = ring[(line + 1) % ring.length];
            add(sums, ring[line % ring.length], weights[weight], next, weights[weight + 1]);
        }
        if (weight < end) {
            add(sums, ring[line % ring.length], weights[weight]);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.max(0, Math.min(255, sums[i] >> FRACTION_BITS));
        }
    }

    // The compiler vectorises these loops only if all arrays have the same index.

    private static void add(int[] sums, int[] samples, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += samples[i] * weight;
        }
    }

    private static void add(int[] sums, int[] samples, int weight, int[] nextSamples, int nextWeight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += samples[i] * weight + nextSamples[i] * nextWeight;
        }
    }

    private record Key(
            Interpolation interpolation, int sourceSize, float from, float to, int size, int firstOutput, int outputs) {
        /** Written out: the generated method links method handles at its first call, which takes longer than resampling a picture. */
        @Override
        public int hashCode() {
            int hash = interpolation.hashCode();
            hash = 31 * hash + sourceSize;
            hash = 31 * hash + Float.floatToIntBits(from);
            hash = 31 * hash + Float.floatToIntBits(to);
            hash = 31 * hash + size;
            hash = 31 * hash + firstOutput;
            return 31 * hash + outputs;
        }
    }
}
