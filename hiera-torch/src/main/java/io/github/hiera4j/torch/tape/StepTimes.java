package io.github.hiera4j.torch.tape;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The time of a training step by activity: intervals of one clock, summed. */
public class StepTimes {
    /** Measures nothing. */
    public static final StepTimes NONE = new StepTimes() {
        @Override
        public void add(String what) {}

        @Override
        public void add(String what, String direction) {}
    };

    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private long last = System.nanoTime();

    /** Adds the time since the previous call. */
    public void add(String what) {
        long now = System.nanoTime();
        nanos.merge(what, now - last, Long::sum);
        interval(what, last, now);
        last = now;
    }

    /**
     * Called for each interval that is added.
     *
     * @param what the name of the activity
     * @param from its start, in nanoseconds of {@link System#nanoTime}
     * @param to its end, in the same unit
     */
    protected void interval(String what, long from, long to) {}

    /**
     * Called when an activity starts that runs concurrently with this thread.
     *
     * @param what the name of the activity
     * @param isComplete returns whether it has ended; may be called from another thread until {@link #endAside} returns
     */
    public void aside(String what, BooleanSupplier isComplete) {}

    /** Stops watching the activities passed to {@link #aside}: their functions are no longer called after this. */
    public void endAside() {}

    /** The same for one direction of an operation. */
    public void add(String what, String direction) {
        add(what + " " + direction);
    }

    /** Resets the measurements and the clock. */
    public void reset() {
        nanos.clear();
        last = System.nanoTime();
    }

    /** {@return seconds by activity, in the order of first occurrence} */
    public Map<String, Double> seconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        nanos.forEach((what, time) -> seconds.put(what, time / 1e9));
        return seconds;
    }
}
