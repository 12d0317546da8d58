package io.github.hiera4j.model.mask;

import java.util.Arrays;

/** Collects alternating runs of zeros and ones; neighbouring pieces of the same value become one run. */
final class RunBuilder {
    private int[] runs = new int[16];
    private int count = 1;
    private boolean value;

    void append(boolean foreground, int length) {
        if (length == 0) {
            return;
        }
        if (foreground != value) {
            if (count == runs.length) {
                runs = Arrays.copyOf(runs, 2 * count);
            }
            runs[count++] = 0;
            value = foreground;
        }
        runs[count - 1] += length;
    }

    int[] toArray() {
        return Arrays.copyOf(runs, count);
    }
}
