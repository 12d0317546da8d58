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
 * The threads on which an engine computes for one session. Native libraries keep some settings per thread, such as the number of
 * OpenMP threads: on the session's own threads these can be set without affecting the threads of callers.
 */
public final class SessionThreads implements AutoCloseable {
    private final String engine;
    private final ExecutorService threads;
    private final List<Thread> started = new CopyOnWriteArrayList<>();

    /**
     * Creates the threads, which start on demand.
     *
     * @param engine the backend's name; threads are called {@code hiera-NAME}
     * @param count concurrent runs
     * @param prepare runs first on every thread; must not throw
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
     * Returns how many runs of one session can execute concurrently on the processors if each uses the given number of threads.
     *
     * @param threadsOfARun threads that each run uses, 1 or more
     * @return the number of runs, 1 or more
     */
    public static int runsSideBySide(int threadsOfARun) {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, threadsOfARun));
    }

    /**
     * Executes one task and waits for it.
     *
     * @param <T> the type of the result
     * @param work the task
     * @return the result
     */
    public <T> T run(Callable<T> work) {
        return runAll(List.of(work)).get(0);
    }

    /**
     * Executes several tasks and waits for all of them even if some fail: the caller owns memory that they use.
     *
     * @param <T> the type of a result
     * @param work the tasks, executed concurrently as far as there are threads
     * @return the results in the order of the tasks; throws the first failure in that order
     */
    public <T> List<T> runAll(List<? extends Callable<T>> work) {
        return runAll(work, piece -> this);
    }

    /**
     * Executes several tasks, each on threads chosen by the caller, and waits for all of them even if some fail.
     *
     * @param <T> the type of a result
     * @param <W> the type of a task
     * @param work the tasks
     * @param threads the threads that execute a task
     * @return the results in the order of the tasks; throws the first failure in that order
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
            failure = refused; // no thread can be started; still wait for the submitted tasks
        }
        List<T> results = new ArrayList<>();
        boolean interrupted = false;
        for (Future<T> future : futures) {
            while (true) {
                try {
                    results.add(future.get());
                    break;
                } catch (InterruptedException interrupt) {
                    interrupted = true; // native code cannot be interrupted
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

    /** Ends the threads and waits until they have ended. No task may be running. */
    @Override
    public void close() {
        threads.shutdown();
        ThreadEnd.await(started);
    }
}
