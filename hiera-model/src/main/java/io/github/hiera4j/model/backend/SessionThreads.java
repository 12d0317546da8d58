package io.github.hiera4j.model.backend;

import io.github.hiera4j.model.HieraException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The threads on which an engine computes for one session. Native libraries keep settings for each thread, the number of
 * OpenMP's threads for example: on threads of the session's own these can be set without changing those of callers.
 */
public final class SessionThreads {
    private final String engine;
    private final ExecutorService threads;
    private final List<Thread> started = new CopyOnWriteArrayList<>();

    /**
     * Prepares threads; they start when they are needed.
     *
     * @param engine the backend's name; threads are called {@code hiera-NAME}
     * @param count concurrent runs
     * @param prepare what every thread does first; must not throw
     */
    public SessionThreads(String engine, int count, Runnable prepare) {
        this.engine = engine;
        threads = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(
                    () -> {
                        prepare.run();
                        work.run();
                    },
                    "hiera-" + engine);
            thread.setDaemon(true);
            started.add(thread);
            return thread;
        });
    }

    /**
     * Concurrent runs of one session when each uses the given number of threads, as the processors allow.
     *
     * @param threadsOfARun threads that each run uses, 1 or more
     * @return runs, 1 or more
     */
    public static int runsSideBySide(int threadsOfARun) {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, threadsOfARun));
    }

    /**
     * Does one piece of work and waits for it.
     *
     * @param <T> what the work gives
     * @param work what is done
     * @return what the work gave
     */
    public <T> T run(Callable<T> work) {
        return runAll(List.of(work)).get(0);
    }

    /**
     * Does several pieces of work, and waits for all of them also where some fail: the caller owns memory that they use.
     *
     * @param <T> what a piece of work gives
     * @param work what is done, side by side as threads allow
     * @return the results in the order of the work; throws the first failure in that order
     */
    public <T> List<T> runAll(List<? extends Callable<T>> work) {
        return runAll(work, piece -> this);
    }

    /**
     * Does several pieces of work, each on threads of the caller's choice, and waits for all of them also where some fail.
     *
     * @param <T> what a piece of work gives
     * @param <W> a piece of work
     * @param work what is done
     * @param threads which threads do a piece of it
     * @return the results in the order of the work; throws the first failure in that order
     */
    public static <T, W extends Callable<T>> List<T> runAll(List<W> work, Function<? super W, SessionThreads> threads) {
        List<Future<T>> futures = new ArrayList<>();
        Throwable failure = null;
        String engine = "";
        try {
            for (W piece : work) {
                SessionThreads chosen = threads.apply(piece);
                engine = chosen.engine;
                futures.add(chosen.threads.submit(piece));
            }
        } catch (RuntimeException | Error refused) {
            failure = refused; // no thread can be started; what was submitted still is waited for
        }
        List<T> results = new ArrayList<>();
        boolean interrupted = false;
        for (Future<T> future : futures) {
            while (true) {
                try {
                    results.add(future.get());
                    break;
                } catch (InterruptedException interrupt) {
                    interrupted = true; // native code cannot be broken off half way
                } catch (ExecutionException failed) {
                    failure = failure == null ? failed.getCause() : failure;
                    break;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwIfFailed(engine, failure);
        return results;
    }

    private static void throwIfFailed(String engine, @Nullable Throwable failure) {
        if (failure instanceof HieraException fault) {
            throw fault.withMessage(fault.getMessage()); // with the caller's stack trace as well
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new IllegalStateException(
                    "a run on backend '" + engine + "' failed: " + failure.getMessage(), failure);
        }
    }

    /** Ends the threads and waits until they have ended. No work may be under way. */
    public void close() {
        threads.shutdown();
        boolean interrupted = false;
        for (Thread thread : started) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
