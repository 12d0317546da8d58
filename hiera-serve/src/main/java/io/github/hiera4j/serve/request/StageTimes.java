package io.github.hiera4j.serve.request;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How long a request was in each {@link Stage}: the time in which at least one of its files or views was there. The stages of
 * a request with one image follow each other; those of several files or views overlap. Thread-safe.
 */
public final class StageTimes {
    /** What is in a stage now, and how long something was in it. */
    private static final class Clock {
        private int inside;
        private long since;
        private long nanos;

        private long until(long now) {
            return inside > 0 ? nanos + now - since : nanos;
        }
    }

    private final Map<Stage, Clock> clocks = new EnumMap<>(Stage.class);

    /** A request that has not begun. */
    public StageTimes() {}

    /**
     * A file or view comes to a stage.
     *
     * @param stage where it is
     */
    public synchronized void begin(Stage stage) {
        Clock clock = clocks.computeIfAbsent(stage, first -> new Clock());
        if (clock.inside++ == 0) {
            clock.since = System.nanoTime();
        }
    }

    /**
     * A file or view leaves a stage.
     *
     * @param stage where it was
     * @throws IllegalStateException if nothing is there
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
     * Works in a stage.
     *
     * @param <T> what is computed
     * @param stage where the work belongs
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

    /** {@return nanoseconds by stage, of the stages that the request has come to; a stage that it is in counts until now} */
    public synchronized Map<Stage, Long> nanos() {
        Map<Stage, Long> all = new EnumMap<>(Stage.class);
        long now = System.nanoTime();
        clocks.forEach((stage, clock) -> all.put(stage, clock.until(now)));
        return all;
    }
}
