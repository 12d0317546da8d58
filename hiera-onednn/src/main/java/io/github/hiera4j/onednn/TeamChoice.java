package io.github.hiera4j.onednn;

import java.util.Map;
import java.util.WeakHashMap;

/**
 * Decides whether a team of threads still computes a sample faster than one thread. On an idle machine it does. If other programs use
 * the processors, or a container has a quota smaller than its processors, every step of a team waits for its slowest thread, and a
 * single thread can be faster.
 *
 * <p>The decision depends only on measured times: a team that takes much longer than before is compared with one thread, and while one thread
 * is used, the team is tried again from time to time. As long as a team keeps its speed, nothing else is tried. Safe to use from
 * several threads.
 */
final class TeamChoice {
    /** From this multiple of its shortest time on, a team is suspected to be slower than one thread. */
    private static final double SUSPICIOUS = 1.4;

    /** While one thread is used, a team is tried again after this number of runs. */
    private static final int RETRY = 12;

    /** The weight of the latest run in a mean. */
    private static final double LATEST = 0.3;

    /** The shortest time grows by this factor per run, because processors change their clock rate. */
    private static final double FORGETTING = 1.002;

    private final Map<Object, Times> byWork = new WeakHashMap<>();

    private static final class Times {
        private boolean teamIsPrepared;
        private boolean oneIsPrepared;
        private double shortest = Double.POSITIVE_INFINITY;
        private double team;
        private double alone;
        private int runsAlone;
        private boolean lastWasSlow; // the last run of the team

        /** Records a run of the team. A single slow one is ignored: the whole program may have been stopped for a while. */
        private void noteTeam(double nanoseconds) {
            boolean isSlow = nanoseconds > SUSPICIOUS * shortest;
            boolean isIgnored = isSlow && !lastWasSlow;
            lastWasSlow = isSlow;
            if (!isIgnored) {
                // A single fast run of the team is enough to return to it: one thread must not stay in use after a
                // disturbance has passed.
                team = nanoseconds < team ? nanoseconds : mean(team, nanoseconds);
                shortest = Math.min(shortest * FORGETTING, nanoseconds);
            }
        }
    }

    /**
     * Returns whether the next run should be computed by one thread.
     *
     * @param work identifies the computation; runs of equal work are compared
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
     * Records how long a run took. The first run of a team and the first of one thread do not count: they prepare kernels.
     *
     * @param work identifies the computation
     * @param threads 1, or the threads of a team
     * @param nanoseconds duration of the run
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
            times.noteTeam(nanoseconds);
        }
    }

    private static double mean(double before, double latest) {
        return before == 0 ? latest : before + LATEST * (latest - before);
    }
}
