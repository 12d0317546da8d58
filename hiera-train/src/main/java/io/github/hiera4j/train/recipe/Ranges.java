package io.github.hiera4j.train.recipe;

import static io.github.hiera4j.model.Check.check;

/** Range checks of settings, with messages that name the setting and its allowed values. */
final class Ranges {
    private Ranges() {}

    /** Checks a range that includes its bounds. */
    static void between(String key, long value, long least, long most) {
        check(value >= least && value <= most, "%s must be from %d to %d, got %d", key, least, most, value);
    }

    /** Checks a range that includes its bounds; NaN is refused. */
    static void between(String key, double value, double least, double most) {
        check(value >= least && value <= most, "%s must be from %s to %s, got %s", key, least, most, value);
    }

    /** Checks a range without its upper bound; NaN is refused. */
    static void below(String key, double value, double least, double end) {
        check(value >= least && value < end, "%s must be at least %s and below %s, got %s", key, least, end, value);
    }

    /** Checks a range without its lower bound; NaN is refused. */
    static void above(String key, double value, double bound, double most) {
        check(value > bound && value <= most, "%s must be above %s and at most %s, got %s", key, bound, most, value);
    }
}
