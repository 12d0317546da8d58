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

/** The threads that decode and prepare uploads, with a queue of bounded length before them. */
public final class Workers implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final int queueLength;

    /**
     * Starts no thread yet.
     *
     * @param count threads
     * @param queueLength files that may wait
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
     * Files that wait for a worker.
     *
     * @return their number
     */
    public int waiting() {
        return threads.getQueue().size();
    }

    /**
     * Has a worker do a piece of work; it is left out if the request is cancelled before it begins.
     *
     * @param <T> what is computed
     * @param ticket the request's deadline and connection
     * @param work computes the result
     * @return the result to come
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
                } catch (Throwable failure) { // whatever it is, the request learns of it
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            ticket.times().end(Stage.QUEUE);
            throw Refusal.busy("%d files wait already: try again later", queueLength);
        }
        return result;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
