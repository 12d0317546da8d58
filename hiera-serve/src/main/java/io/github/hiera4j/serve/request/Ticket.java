package io.github.hiera4j.serve.request;

import io.github.hiera4j.model.HieraException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The deadline of one request, and whether its result is still wanted. Thread-safe. */
public final class Ticket {
    private static final long GLANCE_MILLIS = 100;

    /** A reader that notices the deadline itself can state more precisely what took so long. */
    private static final long GRACE_NANOS = 500_000_000;

    private final long deadlineNanos;
    private final Duration limit;
    private final BooleanSupplier clientGone;
    private final StageTimes times = new StageTimes();
    private volatile boolean cancelled;

    /**
     * Creates the ticket of a request that starts now.
     *
     * @param limit longest duration
     * @param clientGone whether the client has closed the connection
     */
    public Ticket(Duration limit, BooleanSupplier clientGone) {
        this.limit = limit;
        this.deadlineNanos = System.nanoTime() + limit.toNanos();
        this.clientGone = clientGone;
    }

    /** {@return the times of the request's stages} */
    public StageTimes times() {
        return times;
    }

    /** Marks the request as unwanted: work that has not started is skipped. */
    public void cancel() {
        cancelled = true;
    }

    /** {@return whether nobody waits for the result any longer} */
    public boolean isCancelled() {
        return cancelled;
    }

    /** {@return whether the deadline has passed} */
    public boolean isLate() {
        return System.nanoTime() - deadlineNanos > 0;
    }

    /**
     * Throws if the result is no longer wanted.
     *
     * @throws CancellationException if the request was cancelled
     * @throws HieraException if reading the input has used all the available time
     */
    public void checkWanted() {
        if (cancelled) {
            throw new CancellationException();
        }
        if (isLate()) {
            throw new HieraException("reading takes longer than the " + limit.toSeconds() + " s allowed");
        }
    }

    /**
     * Waits for a result as long as the deadline and the client's connection allow.
     *
     * @param <T> what is computed
     * @param result the future result
     * @return the result
     * @throws Refusal with 503 after the deadline, and {@link Refusal#CLIENT_GONE} if the client has closed the connection
     */
    public <T> T await(CompletableFuture<T> result) {
        while (true) {
            try {
                return result.get(GLANCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                if (clientGone.getAsBoolean()) {
                    cancel();
                    throw Refusal.clientGone();
                }
                if (System.nanoTime() - deadlineNanos > GRACE_NANOS) {
                    cancel();
                    throw Refusal.busy(
                            "no answer within the %d s allowed: the server is busy, or the request is too large",
                            limit.toSeconds());
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                cancel();
                throw Refusal.busy("the server is stopping");
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof RuntimeException known) {
                    throw known;
                }
                throw new IllegalStateException(failure.getCause());
            }
        }
    }
}
