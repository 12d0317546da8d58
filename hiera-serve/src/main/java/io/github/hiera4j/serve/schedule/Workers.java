package io.github.hiera4j.serve.schedule;

import io.github.hiera4j.serve.request.Refusal;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The threads that decode and prepare uploads, with a queue of bounded length. */
public final class Workers implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final int queueLength;

    /**
     * Creates the pool, without starting threads.
     *
     * @param count threads
     * @param queueLength largest number of waiting files
     */
    public Workers(int count, int queueLength) {
        AtomicInteger number = new AtomicInteger();
        this.queueLength = queueLength;
        this.threads = new ThreadPoolExecutor(
                count, count, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(queueLength), work -> {
                    Thread thread = new Thread(work, "hiera-serve-worker-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Returns the number of files that wait for a worker.
     *
     * @return their number
     */
    public int waiting() {
        return threads.getQueue().size();
    }

    /**
     * Submits work to a worker; it is skipped if the request is cancelled before it starts.
     *
     * @param <T> what is computed
     * @param ticket the request's deadline and connection
     * @param work computes the result
     * @return a future of the result
     * @throws Refusal with 503 if the queue is full
     */
    public <T> CompletableFuture<T> start(Ticket ticket, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        ticket.times().begin(Stage.QUEUE);
        try {
            threads.execute(() -> {
                ticket.times().end(Stage.QUEUE);
                if (ticket.isCancelled()) {
                    result.completeExceptionally(new CancellationException());
                    return;
                }
                try {
                    result.complete(work.get());
                } catch (Throwable failure) { // every failure is reported to the request
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            ticket.times().end(Stage.QUEUE);
            throw Refusal.busy("%d files are already waiting: try again later", queueLength);
        }
        return result;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
