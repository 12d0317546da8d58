package io.github.hiera4j.serve.request;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How long a request was in each {@link Stage}: the time in which at least one of its files or views was there. The stages of
 * a request with one image follow each other; those of several files or views overlap. Thread-safe.
 */
public final class StageTimes {
    private static final int STAGES = Stage.values().length;

    private final int[] inside = new int[STAGES];
    private final long[] since = new long[STAGES];
    private final long[] nanos = new long[STAGES];
    private final boolean[] seen = new boolean[STAGES];

    /** A request that has not begun. */
    public StageTimes() {}

    /**
     * A file or view comes to a stage.
     *
     * @param stage where it is
     */
    public synchronized void begin(Stage stage) {
        int at = stage.ordinal();
        seen[at] = true;
        if (inside[at]++ == 0) {
            since[at] = System.nanoTime();
        }
    }

    /**
     * A file or view leaves a stage.
     *
     * @param stage where it was
     */
    public synchronized void end(Stage stage) {
        int at = stage.ordinal();
        if (--inside[at] == 0) {
            nanos[at] += System.nanoTime() - since[at];
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
        for (Stage stage : Stage.values()) {
            int at = stage.ordinal();
            if (seen[at]) {
                all.put(stage, nanos[at] + (inside[at] > 0 ? System.nanoTime() - since[at] : 0));
            }
        }
        return all;
    }
}
