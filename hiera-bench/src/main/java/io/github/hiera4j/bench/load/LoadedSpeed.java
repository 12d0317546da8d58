package io.github.hiera4j.bench.load;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;

/**
 * The speed of some work with and without busy processes. Times are means: under load, single runs differ so much that a median does
 * not reflect the amount of work done.
 *
 * @param processes number of busy processes
 * @param idleMillis elapsed time per run without them, over all callers
 * @param loadedMillis elapsed time per run with them, over all callers
 */
public record LoadedSpeed(int processes, double idleMillis, double loadedMillis) {
    /** Rounds of idle and loaded measurements, which compensate for drift of the machine's speed. */
    private static final int ROUNDS = 2;

    /** {@return the fraction of the idle speed that remains, 0 to about 1} */
    public double share() {
        return idleMillis / loadedMillis;
    }

    /**
     * Measures some work alternately on an idle machine and with busy processes.
     *
     * @param processes number of busy processes, 1 or more
     * @param callers the threads that do the work
     * @param seconds total duration, 0.1 or more
     * @param work one run
     * @return the mean time of a run
     */
    public static LoadedSpeed measure(int processes, Callers callers, double seconds, Runnable work) {
        check(seconds >= 0.1, "speed under load needs at least 0.1 seconds, got %s", seconds);
        double[] idle = new double[ROUNDS];
        double[] loaded = new double[ROUNDS];
        double each = seconds / (2 * ROUNDS);
        work.run(); // one-time preparation is not measured
        for (int round = 0; round < ROUNDS; round++) {
            idle[round] = callers.meanMillis(each, work);
            try (BusyProcesses busy = new BusyProcesses(processes)) {
                work.run(); // lets the scheduler settle
                loaded[round] = callers.meanMillis(each, work);
                check(busy.count() == processes, "a busy process ended during the measurement%s", "");
            }
        }
        return new LoadedSpeed(processes, mean(idle), mean(loaded));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
