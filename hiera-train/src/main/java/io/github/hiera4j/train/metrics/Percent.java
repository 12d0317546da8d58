package io.github.hiera4j.train.metrics;

import java.util.Locale;

/** Shares as people read them. In JSON and comma-separated values, shares are numbers from 0 to 1. */
public final class Percent {
    private Percent() {}

    /**
     * {@code 93.1 %}.
     *
     * @param share 0 to 1
     * @return the text
     */
    public static String of(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
