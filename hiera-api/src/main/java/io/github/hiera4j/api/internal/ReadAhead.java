package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.model.OutOfMemory;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads inputs ahead on its own threads and returns their chunks in order.
 *
 * <p>Reading ahead is limited by the number of inputs and by bytes: the tensors of all chunks are reused, and no more are created than
 * fit, except that the input that the consumer waits for always gets one. Inputs are listed on a separate thread, so that an input
 * whose chunks are ready never waits for the next input to be listed. Threads end when they are idle.
 *
 * @param <I> an input
 */
final class ReadAhead<I> implements AutoCloseable {
    private final Iterator<I> inputs;
    private final ReadPlan<I> plan;
    private final ChunkPool pool;
    private final ThreadPoolExecutor lister = DaemonThreads.pool(1, "hiera-list");
    private final ThreadPoolExecutor workers;

    /** Inputs that are listed and not completely taken, in order. */
    private final Deque<Reading<I>> readings = new ArrayDeque<>();

    private int open;
    private int listed;
    private boolean listing;
    private boolean exhausted;
    private boolean closed;
    private @Nullable Throwable fault;
    private @Nullable Throwable sourceFault;

    ReadAhead(Iterator<I> inputs, ReadPlan<I> plan) {
        this.inputs = inputs;
        this.plan = plan;
        this.workers = DaemonThreads.pool(plan.workers(), "hiera-read");
        this.pool = new ChunkPool(plan.chunkShape(), plan.memoryBytes());
    }

    /**
     * Waits for the next event and returns it.
     *
     * @param patienceMillis time to wait for a further input to be listed before returning {@link ReadEvent.Kind#IDLE}; 0: no limit
     * @throws OperationInterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if this has been closed
     */
    synchronized ReadEvent<I> next(long patienceMillis) {
        long patienceEnd = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        try {
            while (true) {
                ReadEvent<I> event = poll();
                if (event != null) {
                    return event;
                }
                boolean patient = patienceMillis == 0 || !readings.isEmpty();
                long left = patient ? 0 : TimeUnit.NANOSECONDS.toMillis(patienceEnd - System.nanoTime());
                if (!patient && left <= 0) {
                    return new ReadEvent<>(ReadEvent.Kind.IDLE, null, null);
                }
                wait(left);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while waiting for a file to be read", interrupt);
        }
    }

    /** Returns the next event if there is one, otherwise null. */
    private @Nullable ReadEvent<I> poll() {
        if (closed) {
            throw new IllegalStateException("this stream of results is closed");
        }
        rethrow(fault);
        advance();
        Reading<I> head = readings.peek();
        if (head == null && exhausted) {
            rethrow(sourceFault);
            return new ReadEvent<>(ReadEvent.Kind.END, null, null);
        }
        if (head != null && !head.ready.isEmpty()) {
            return new ReadEvent<>(ReadEvent.Kind.CHUNK, head, head.ready.remove());
        }
        if (head != null && head.finished) {
            readings.remove();
            return new ReadEvent<>(ReadEvent.Kind.END_OF_INPUT, head, null);
        }
        return null;
    }

    /** Releases a chunk's memory. */
    synchronized void release(HostTensor chunk) {
        pool.release(chunk);
        advance();
    }

    /** Starts all work that can be started now. */
    private void advance() {
        if (closed || fault != null) {
            return;
        }
        if (!listing && !exhausted && readings.size() < plan.workers() + plan.batch()) {
            listing = true;
            lister.execute(this::list);
        }
        Reading<I> head = readings.peek();
        for (Reading<I> reading : readings) {
            if (!reading.finished && !reading.running) {
                start(reading, reading == head && reading.ready.isEmpty());
            }
        }
    }

    /** Starts reading an input's next chunk if there is memory for it; the chunk that the consumer waits for always gets memory. */
    private void start(Reading<I> reading, boolean awaited) {
        boolean mayOpen = reading.started || open < plan.workers();
        if (!awaited && (!mayOpen || pool.isFull())) {
            return;
        }
        HostTensor target = pool.take(awaited);
        if (target != null) {
            open += reading.started ? 0 : 1;
            reading.started = true;
            reading.running = true;
            workers.execute(new Job(reading, target));
        }
    }

    /** Takes one input from the caller; runs on the lister's thread. */
    private void list() {
        I input = null;
        Throwable failure = null;
        try {
            if (inputs.hasNext()) {
                input = Objects.requireNonNull(inputs.next(), "input " + (listed + 1) + " of the stream is null");
            }
        } catch (Throwable thrown) { // the caller's own code: reported to the caller's thread
            failure = thrown;
        }
        synchronized (this) {
            listing = false;
            if (input != null) {
                listed++;
                readings.add(new Reading<>(input));
            } else {
                sourceFault = failure; // thrown after the results of the inputs before it
                exhausted = true;
            }
            proceed();
        }
    }

    /** The reading of one chunk. */
    private final class Job implements Runnable {
        final Reading<I> reading;
        private final HostTensor target;

        Job(Reading<I> reading, HostTensor target) {
            this.reading = reading;
            this.target = target;
        }

        @Override
        public void run() {
            read(reading, target);
        }
    }

    /** Reads one chunk; runs on a worker's thread. */
    private void read(Reading<I> reading, HostTensor target) {
        long start = System.nanoTime();
        Throwable failure = null;
        boolean last = true;
        HostTensor chunk = target;
        try {
            chunk = reading.readNext(plan, target);
            last = reading.isAtEnd();
        } catch (Throwable thrown) { // reported to the consumer in order
            failure = thrown;
        }
        List<String> warnings = last && failure == null ? reading.readerWarnings() : List.of();
        if (last) {
            failure = reading.close(failure);
        }
        synchronized (this) {
            reading.warnings = warnings;
            reading.nanoseconds += System.nanoTime() - start;
            finish(reading, target, chunk, failure, last);
            proceed();
        }
    }

    private void finish(
            Reading<I> reading, HostTensor target, HostTensor chunk, @Nullable Throwable failure, boolean last) {
        reading.running = false;
        if (failure == null) {
            reading.ready.add(chunk);
            pool.filled(chunk, target);
        } else {
            pool.release(target);
            reading.failure = expected(reading.input, failure);
        }
        if (last) {
            reading.finished = true;
            open--;
        } else if (closed) {
            reading.close(null);
        }
    }

    /** Returns a failure that the user can correct, which becomes the input's result; any other failure ends the whole stream. */
    private @Nullable HieraException expected(I input, Throwable failure) {
        if (failure instanceof HieraException known) {
            return known;
        }
        if (OutOfMemory.isCauseOf(failure)) {
            return new OutOfMemoryException(
                    plan.name().apply(input)
                            + ": out of memory: use fewer workers or a smaller image, or increase the Java heap",
                    failure);
        }
        fault = fault == null ? failure : fault;
        return null;
    }

    /** Starts further work and wakes the consumer; failures are reported to it. */
    private void proceed() {
        try {
            advance();
        } catch (RuntimeException failure) {
            fault = fault == null ? failure : fault;
        }
        notifyAll();
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    /** Stops all threads; chunks that were taken stay valid. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            lister.shutdownNow();
            for (Runnable dropped : workers.shutdownNow()) {
                drop((ReadAhead<?>.Job) dropped);
            }
            for (Reading<I> reading : readings) {
                if (!reading.running) {
                    reading.close(null);
                }
            }
            readings.clear();
            pool.clear();
            notifyAll();
        }
    }

    private static void drop(ReadAhead<?>.Job job) {
        job.reading.running = false;
    }
}
