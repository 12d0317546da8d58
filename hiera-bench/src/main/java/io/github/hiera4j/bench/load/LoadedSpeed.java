package io.github.hiera4j.bench.load;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;

/**
 * Speed beside busy processes, and the same work's speed without them. Times are means: under load single runs differ so much that a
 * median does not say how much work was done.
 *
 * @param processes busy processes
 * @param idleMillis of one run without them
 * @param loadedMillis of one run beside them
 */
public record LoadedSpeed(int processes, double idleMillis, double loadedMillis) {
    /** Rounds of idle and loaded measurements: machines drift. */
    private static final int ROUNDS = 2;

    /** {@return the share of the idle speed that is left, 0 to about 1} */
    public double share() {
        return idleMillis / loadedMillis;
    }

    /**
     * Measures some work idle and beside busy processes, in turn.
     *
     * @param processes busy processes, 1 or more
     * @param seconds for both together, 0.1 or more
     * @param work one run
     * @return the mean time of a run
     */
    public static LoadedSpeed measure(int processes, double seconds, Runnable work) {
        check(seconds >= 0.1, "speed under load needs at least 0.1 seconds, got %s", seconds);
        double[] idle = new double[ROUNDS];
        double[] loaded = new double[ROUNDS];
        double each = seconds / (2 * ROUNDS);
        work.run(); // what is prepared once does not count
        for (int round = 0; round < ROUNDS; round++) {
            idle[round] = meanMillis(each, work);
            try (BusyProcesses busy = new BusyProcesses(processes)) {
                work.run(); // the scheduler settles
                loaded[round] = meanMillis(each, work);
                check(busy.count() == processes, "a busy process ended while speed beside it was measured%s", "");
            }
        }
        return new LoadedSpeed(processes, mean(idle), mean(loaded));
    }

    private static double meanMillis(double seconds, Runnable work) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        int runs = 0;
        while (runs == 0 || System.nanoTime() < end) {
            work.run();
            runs++;
        }
        return (System.nanoTime() - start) / 1e6 / runs;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
