package io.github.hiera4j.api.insight.timeline;

import static io.github.hiera4j.model.Check.check;

/**
 * The settings for sliding a model over a video; all times are in seconds.
 *
 * @param window span of one window, from its first frame to one step after its last
 * @param every from the start of one window to the start of the next
 * @param smooth span over which probabilities are averaged; 0: no smoothing
 * @param shortest segments shorter than this are merged with a neighbour
 * @param top number of classes that are kept per step
 * @param batch number of windows that are computed at once
 */
public record TimelineSettings(double window, double every, double smooth, double shortest, int top, int batch) {
    /** Windows of 2 seconds every half second, smoothed over 2 seconds, segments of at least 1 second, 5 classes. */
    public static final TimelineSettings DEFAULT = new TimelineSettings(2, 0.5, 2, 1, 5, 1);

    private static final double LONGEST = 3600;

    /**
     * Checks the settings.
     *
     * @param window span of one window
     * @param every from one window to the next
     * @param smooth span over which probabilities are averaged
     * @param shortest segments shorter than this are merged with a neighbour
     * @param top number of classes that are kept per step
     * @param batch number of windows that are computed at once
     */
    public TimelineSettings {
        check(window >= 0.01 && window <= LONGEST, "a window spans 0.01 to %.0f seconds, got %s", LONGEST, window);
        check(every >= 0.01 && every <= LONGEST, "windows begin every 0.01 to %.0f seconds, got %s", LONGEST, every);
        check(
                window / every <= 100,
                "at most 100 windows may overlap: %s seconds every %s seconds are %.0f",
                window,
                every,
                window / every);
        check(
                smooth >= 0 && smooth <= 100 * every,
                "smoothing spans 0 to 100 windows (%s seconds), got %s",
                100 * every,
                smooth);
        check(
                shortest >= 0 && shortest <= LONGEST,
                "the shortest segment lasts 0 to %.0f seconds, got %s",
                LONGEST,
                shortest);
        check(top >= 1 && top <= 100, "1 to 100 classes can be kept of each step, got %d", top);
        check(batch >= 1 && batch <= 256, "a batch has 1 to 256 windows, got %d", batch);
    }

    /** Returns the number of windows over which probabilities are averaged, which is odd. */
    int smoothedWindows() {
        return 2 * (int) (smooth / every / 2) + 1;
    }
}
