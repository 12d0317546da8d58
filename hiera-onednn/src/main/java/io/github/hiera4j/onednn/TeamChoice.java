package io.github.hiera4j.onednn;

import java.util.Map;
import java.util.WeakHashMap;

/**
 * Whether a team of threads still computes a sample faster than one thread does. On a free machine it does. Where other programs use the
 * processors, or a container may use less than its processors, every step of a team waits for its slowest thread, and one thread
 * alone can be the faster.
 *
 * <p>Decided by measured times alone: a team that takes much longer than it once took is compared with one thread, and while one thread
 * is used, the team is tried again now and then. As long as a team keeps its speed, nothing else is ever tried. Safe to use from
 * several threads.
 */
final class TeamChoice {
    /** A team is under suspicion from this multiple of its shortest time on. */
    private static final double SUSPICIOUS = 1.4;

    /** While one thread is used, a team is tried again after this number of runs. */
    private static final int RETRY = 12;

    /** The weight of the latest run in a mean. */
    private static final double LATEST = 0.3;

    /** The shortest time is forgotten by this factor a run, because processors change their clock. */
    private static final double FORGETTING = 1.002;

    private final Map<Object, Times> byWork = new WeakHashMap<>();

    private static final class Times {
        private boolean teamIsPrepared;
        private boolean oneIsPrepared;
        private double shortest = Double.POSITIVE_INFINITY;
        private double team;
        private double alone;
        private int runsAlone;
    }

    /**
     * Whether the next run should be computed by one thread.
     *
     * @param work what is computed; runs of equal work are compared
     */
    synchronized boolean prefersOneThread(Object work) {
        Times times = byWork.get(work);
        if (times == null || times.team <= SUSPICIOUS * times.shortest) {
            return false;
        }
        boolean faster = times.alone == 0 || times.alone < times.team;
        if (!faster) {
            return times.runsAlone++ % RETRY == RETRY - 1; // one thread is tried again
        }
        return ++times.runsAlone % RETRY != 0;
    }

    /**
     * Notes how long a run took. The first of a team and the first of one thread do not count: they prepare kernels.
     *
     * @param work what was computed
     * @param threads 1, or those of a team
     * @param nanoseconds its time
     */
    synchronized void note(Object work, int threads, double nanoseconds) {
        Times times = byWork.computeIfAbsent(work, unknown -> new Times());
        boolean counts = threads == 1 ? times.oneIsPrepared : times.teamIsPrepared;
        times.oneIsPrepared |= threads == 1;
        times.teamIsPrepared |= threads > 1;
        if (!counts) {
            return;
        }
        if (threads == 1) {
            times.alone = mean(times.alone, nanoseconds);
        } else {
            // A team that is fast again is believed at once: a disturbance that has passed must not leave one thread in
            // use.
            times.team = nanoseconds < times.team ? nanoseconds : mean(times.team, nanoseconds);
            times.shortest = Math.min(times.shortest * FORGETTING, nanoseconds);
        }
    }

    private static double mean(double before, double latest) {
        return before == 0 ? latest : before + LATEST * (latest - before);
    }
}
