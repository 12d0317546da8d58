package io.github.hiera4j.serve.schedule;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.request.Ticket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Memory for the prepared views that wait for a model: a bounded number of reused buffers. Thread-safe. */
final class ViewBuffers {
    private static final long GLANCE_MILLIS = 100;

    private final Shape shape;
    private final Semaphore permits;
    private final Deque<HostTensor> free = new ArrayDeque<>();

    /**
     * Creates an empty pool, without allocating buffers.
     *
     * @param shape shape of one view, {@code [1, 3, (T,) H, W]}
     * @param most largest number of buffers
     */
    ViewBuffers(Shape shape, int most) {
        this.shape = shape;
        this.permits = new Semaphore(most, true);
    }

    /** Waits for a free buffer; fails if the request is cancelled or late. */
    HostTensor take(Ticket ticket) {
        try {
            while (!permits.tryAcquire(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                ticket.checkWanted();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for memory", stop);
        }
        synchronized (free) {
            HostTensor buffer = free.poll();
            if (buffer != null) {
                return buffer;
            }
        }
        try {
            return HostTensor.allocate(DType.FLOAT32, shape);
        } catch (RuntimeException | Error failure) {
            permits.release();
            throw failure;
        }
    }

    void giveBack(HostTensor buffer) {
        synchronized (free) {
            free.push(buffer);
        }
        permits.release();
    }
}
