package io.github.hiera4j.bench.load;

import static io.github.hiera4j.model.Check.check;

import io.github.hiera4j.model.OperationInterruptedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Threads that do the same work over and over, as the threads of a server do with one model.
 *
 * @param count the number of threads, 1 to {@value #MOST}
 */
public record Callers(int count) {
    /** Maximum number of threads. */
    public static final int MOST = 256;

    /**
     * Checks the number.
     *
     * @param count the number of threads
     * @throws io.github.hiera4j.model.HieraException if the number is out of range
     */
    public Callers {
        check(count >= 1 && count <= MOST, "expected 1 to %d calling threads, got %d", MOST, count);
    }

    /**
     * Does the work in all threads until a time has elapsed, at least once in each.
     *
     * @param seconds the time after which no further run starts
     * @param work one run; it must be thread-safe if there are several threads
     * @return milliseconds per run: the elapsed time divided by the runs of all threads
     */
    double meanMillis(double seconds, Runnable work) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        Callable<Long> caller = () -> {
            long runs = 0;
            do {
                work.run();
                runs++;
            } while (System.nanoTime() < end);
            return runs;
        };
        long runs = sum(Collections.nCopies(count, caller));
        return (System.nanoTime() - start) / 1e6 / runs;
    }

    private static long sum(List<Callable<Long>> callers) {
        ExecutorService threads = Executors.newFixedThreadPool(callers.size());
        try {
            List<Long> counts = new ArrayList<>();
            for (Future<Long> caller : threads.invokeAll(callers)) {
                counts.add(caller.get());
            }
            return counts.stream().mapToLong(Long::longValue).sum();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted during a measurement", interrupt);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(failure.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
