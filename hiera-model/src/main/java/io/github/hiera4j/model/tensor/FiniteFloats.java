package io.github.hiera4j.model.tensor;

import java.nio.IntBuffer;

/**
 * Finds NaN and infinity among float32 numbers, given as their bits. Every weight is checked when a model is loaded, so the time of
 * loading depends on it: numbers are copied to an array in chunks, and a vectorised loop finds the maximum of their bits.
 */
final class FiniteFloats {
    private static final int WITHOUT_SIGN = 0x7fffffff;

    /** The bits of infinity; those of NaN are larger. */
    private static final int INFINITY = 0x7f800000;

    private static final int STRETCH = 4096;

    private FiniteFloats() {}

    /** Returns the position of the first NaN or infinity from 0 to the limit, or -1 if there is none. */
    static int firstOther(IntBuffer bits) {
        int[] stretch = new int[Math.min(STRETCH, bits.limit())];
        for (int start = 0; start < bits.limit(); start += stretch.length) {
            int count = Math.min(stretch.length, bits.limit() - start);
            bits.get(start, stretch, 0, count);
            if (largest(stretch, count) >= INFINITY) {
                return start + first(stretch);
            }
        }
        return -1;
    }

    private static int largest(int[] bits, int count) {
        int largest = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, bits[i] & WITHOUT_SIGN);
        }
        return largest;
    }

    /** Returns the first position of a chunk that contains one. */
    private static int first(int[] bits) {
        int i = 0;
        while ((bits[i] & WITHOUT_SIGN) < INFINITY) {
            i++;
        }
        return i;
    }
}
