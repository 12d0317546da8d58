package io.github.hiera4j.train.report;

import java.util.Locale;

/** Formats durations for people. */
public final class Durations {
    private Durations() {}

    /**
     * Formats a duration as {@code 42 s}, {@code 12 min 5 s} or {@code 3 h 20 min}.
     *
     * @param seconds a duration
     * @return the text
     */
    public static String text(double seconds) {
        long whole = Math.round(seconds);
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
