package io.github.hiera4j.torch.tape;

import java.util.LinkedHashMap;
import java.util.Map;

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
        last = now;
    }

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
