package io.github.hiera4j.serve.request;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The time that a request spends in each {@link Stage}, while at least one of its files or views is in it. The stages of
 * a request with one image do not overlap; those of several files or views do. Thread-safe.
 */
public final class StageTimes {
    /** The number of files and views in a stage, and the time for which it was not empty. */
    private static final class Clock {
        private int inside;
        private long since;
        private long nanos;

        private long until(long now) {
            return inside > 0 ? nanos + now - since : nanos;
        }
    }

    private final Map<Stage, Clock> clocks = new EnumMap<>(Stage.class);

    /** Creates the times of a request that has not started. */
    public StageTimes() {}

    /**
     * Records that a file or view enters a stage.
     *
     * @param stage the stage
     */
    public synchronized void begin(Stage stage) {
        Clock clock = clocks.computeIfAbsent(stage, first -> new Clock());
        if (clock.inside++ == 0) {
            clock.since = System.nanoTime();
        }
    }

    /**
     * Records that a file or view leaves a stage.
     *
     * @param stage the stage
     * @throws IllegalStateException if the stage is empty
     */
    public synchronized void end(Stage stage) {
        Clock clock = clocks.get(stage);
        if (clock == null || clock.inside == 0) {
            throw new IllegalStateException("nothing is in the stage " + stage);
        }
        if (--clock.inside == 0) {
            clock.nanos += System.nanoTime() - clock.since;
        }
    }

    /**
     * Runs work as part of a stage.
     *
     * @param <T> what is computed
     * @param stage the stage of the work
     * @param work computes the result
     * @return the result
     */
    public <T> T during(Stage stage, Supplier<T> work) {
        begin(stage);
        try {
            return work.get();
        } finally {
            end(stage);
        }
    }

    /** {@return nanoseconds by stage, for the stages that the request has entered; a current stage counts until now} */
    public synchronized Map<Stage, Long> nanos() {
        Map<Stage, Long> all = new EnumMap<>(Stage.class);
        long now = System.nanoTime();
        clocks.forEach((stage, clock) -> all.put(stage, clock.until(now)));
        return all;
    }
}
