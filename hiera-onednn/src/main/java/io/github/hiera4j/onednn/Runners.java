package io.github.hiera4j.onednn;

import io.github.hiera4j.model.backend.SessionThreads;
import io.github.hiera4j.natives.OpenMp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads of a session: for each size of a team of OpenMP threads, threads that lead such teams. A piece of work starts when
 * there are processors for all threads of its team, in the order of the requests.
 */
final class Runners {
    private final int threadsOfACall;
    private final int width;
    private final Semaphore processors;
    private final Map<Integer, SessionThreads> leaders = new ConcurrentHashMap<>();

    /**
     * Prepares threads; they start when they are needed.
     *
     * @param threadsOfACall largest number of threads that work for one call at a time; 1 or more
     */
    Runners(int threadsOfACall) {
        this.threadsOfACall = threadsOfACall;
        this.width = threadsOfACall * SessionThreads.runsSideBySide(threadsOfACall);
        this.processors = new Semaphore(width, true);
    }

    /** {@return the number of calls that can be computed in parallel} */
    int callsSideBySide() {
        return width / threadsOfACall;
    }

    /**
     * Work for a team of threads.
     *
     * @param threads 1 to the threads of a call
     * @param body the work of the team's leader
     */
    record Task<T>(int threads, Supplier<T> body) {}

    /** The loop of one leader: takes pieces of work until the threads end. */
    private record Lane(SessionThreads leaders, Runnable work) implements Callable<Boolean> {
        @Override
        public Boolean call() {
            work.run();
            return true;
        }
    }

    /**
     * Runs the tasks of one call and waits for all of them, even if some fail. Tasks for one thread are run by as many threads as a
     * call may have, each of which takes the next task when it is free.
     *
     * @return the results in the order of the tasks; throws the first failure
     */
    <T> List<T> runAll(List<Task<T>> tasks) {
        Object[] results = new Object[tasks.size()];
        List<Integer> single = new ArrayList<>();
        List<Lane> lanes = new ArrayList<>();
        for (int index = 0; index < tasks.size(); index++) {
            Task<T> task = tasks.get(index);
            if (task.threads() == 1) {
                single.add(index);
            } else {
                int place = index;
                lanes.add(new Lane(leaders(task.threads()), () -> results[place] = onProcessors(task)));
            }
        }
        AtomicInteger next = new AtomicInteger();
        for (int lane = Math.min(threadsOfACall, single.size()); lane > 0; lane--) {
            lanes.add(0, new Lane(leaders(1), () -> takeTurns(tasks, single, next, results)));
        }
        SessionThreads.runAll(lanes, Lane::leaders);
        @SuppressWarnings("unchecked") // each result comes from a task of this type
        List<T> typed = (List<T>) Arrays.asList(results);
        return typed;
    }

    private <T> void takeTurns(List<Task<T>> tasks, List<Integer> single, AtomicInteger next, Object[] results) {
        for (int turn = next.getAndIncrement(); turn < single.size(); turn = next.getAndIncrement()) {
            int place = single.get(turn);
            results[place] = onProcessors(tasks.get(place));
        }
    }

    private <T> T onProcessors(Task<T> task) {
        processors.acquireUninterruptibly(task.threads());
        try {
            return task.body().get();
        } finally {
            processors.release(task.threads());
        }
    }

    private SessionThreads leaders(int team) {
        return leaders.computeIfAbsent(
                team, threads -> new SessionThreads("onednn", width / threads, () -> OpenMp.setThreads(threads)));
    }

    /** Ends the threads and waits until they have ended. No work may be in progress. */
    void close() {
        leaders.values().forEach(SessionThreads::close);
    }
}
