package io.github.hiera4j.model.timing;

import static io.github.hiera4j.model.Check.check;

import java.util.Arrays;

/**
 * The number of measured runs: warm-up runs first, then runs until a time has elapsed, within limits.
 *
 * @param warmUpRuns initial runs that are not counted, at least 1 because the first one compiles
 * @param minimumRuns minimum number of counted runs
 * @param maximumRuns maximum number of counted runs
 * @param seconds time after which no further run is started if the minimum has been reached
 */
public record Repeats(int warmUpRuns, int minimumRuns, int maximumRuns, double seconds) {
    /** Two runs to warm up, then 5 to 100 runs within 5 seconds. */
    public static final Repeats DEFAULT = new Repeats(2, 5, 100, 5);

    /**
     * Checks the limits.
     *
     * @param warmUpRuns initial runs that are not counted, at least 1 because the first one compiles
     * @param minimumRuns minimum number of counted runs
     * @param maximumRuns maximum number of counted runs
     * @param seconds time after which no further run is started if the minimum has been reached
     * @throws io.github.hiera4j.model.HieraException if they contradict each other
     */
    public Repeats {
        check(warmUpRuns >= 1, "a benchmark needs at least 1 warm-up run, got %d", warmUpRuns);
        check(
                minimumRuns >= 1 && minimumRuns <= maximumRuns,
                "expected 1 ≤ minimum runs ≤ maximum runs, got %d and %d",
                minimumRuns,
                maximumRuns);
        check(seconds >= 0 && seconds <= 86_400, "expected 0 to 86400 seconds, got %s", seconds);
    }

    /**
     * Runs the work as often as specified.
     *
     * @param work the code to measure
     * @return the nanoseconds of each counted run
     */
    public long[] measure(Runnable work) {
        for (int run = 0; run < warmUpRuns; run++) {
            work.run();
        }
        return measureWarm(work);
    }

    /**
     * Runs work that is warm already as often as specified, without warm-up runs.
     *
     * @param work the code to measure
     * @return the nanoseconds of each run
     */
    public long[] measureWarm(Runnable work) {
        long[] nanoseconds = new long[maximumRuns];
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        int runs = 0;
        while (runs < maximumRuns && (runs < minimumRuns || System.nanoTime() < deadline)) {
            long start = System.nanoTime();
            work.run();
            nanoseconds[runs++] = System.nanoTime() - start;
        }
        return Arrays.copyOf(nanoseconds, runs);
    }
}
