package io.github.hiera4j.api;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.OperationInterruptedException;
import io.github.hiera4j.model.OutOfMemory;
import io.github.hiera4j.model.OutOfMemoryException;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads inputs ahead on threads of its own and hands out their chunks in order.
 *
 * <p>What is read ahead is bounded by the number of inputs and by bytes: the tensors of all chunks are reused, and no more are
 * made than fit, except that the input that the consumer waits for always gets one. Inputs are listed on a thread of their own, so that an
 * input whose chunks are ready never waits for the next to be named. Threads end when they have nothing to do.
 */
final class ReadAhead implements AutoCloseable {
    private static final long IDLE_SECONDS = 1;

    private final Iterator<MediaInput> inputs;
    private final MediaViews views;
    private final ReadOptions options;
    private final Shape chunkShape;
    private final ThreadPoolExecutor lister = threads(1, "hiera-list");
    private final ThreadPoolExecutor workers;

    /** Listed and not wholly taken, in order. */
    private final Deque<Reading> readings = new ArrayDeque<>();

    private final Deque<HostTensor> free = new ArrayDeque<>();

    /** The whole memory of chunks that take only a part of it. */
    private final IdentityHashMap<HostTensor, HostTensor> whole = new IdentityHashMap<>();

    private int chunksInUse;
    private int mostChunks;
    private int open;
    private int listed;
    private boolean listing;
    private boolean exhausted;
    private boolean closed;
    private @Nullable Throwable fault;
    private @Nullable Throwable sourceFault;

    /** What comes next for the consumer. */
    enum Kind {
        /** A chunk of the input is ready. */
        CHUNK,
        /** All chunks of the input have been taken, or it failed. */
        END_OF_INPUT,
        /** No further input has been named for a while. */
        IDLE,
        /** There are no further inputs. */
        END
    }

    /**
     * One thing for the consumer.
     *
     * @param reading the input; null when idle and at the end
     * @param chunk its next chunk; to be given back with {@link #release}
     */
    record Event(
            Kind kind, @Nullable Reading reading, @Nullable HostTensor chunk) {
        Reading input() {
            return Objects.requireNonNull(reading);
        }

        HostTensor tensor() {
            return Objects.requireNonNull(chunk);
        }
    }

    /** One input and how far it has been read. */
    static final class Reading {
        final MediaInput input;
        private final Deque<HostTensor> ready = new ArrayDeque<>();
        private MediaViews.@Nullable ChunkReader reader;
        private @Nullable HieraException failure;
        private boolean started;
        private boolean running;
        private boolean finished;
        private int nextChunk;
        private long nanoseconds;
        private List<String> warnings = List.of();

        Reading(MediaInput input) {
            this.input = input;
        }

        @Nullable
        HieraException failure() {
            return failure;
        }

        long nanoseconds() {
            return nanoseconds;
        }

        List<String> warnings() {
            return warnings;
        }
    }

    ReadAhead(Iterator<MediaInput> inputs, MediaViews views, ReadOptions options) {
        this.inputs = inputs;
        this.views = views;
        this.options = options;
        this.chunkShape = views.chunkShape(options);
        this.workers = threads(options.workers(), "hiera-read");
        long chunkBytes = chunkShape.elements() * Float.BYTES;
        this.mostChunks = (int) Math.max(1, Math.min(Integer.MAX_VALUE, options.memoryBytes() / chunkBytes));
    }

    static ThreadPoolExecutor threads(int count, String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /**
     * What comes next; waits for it.
     *
     * @param patienceMillis how long to wait for a further input to be named before the answer is {@link Kind#IDLE}; 0: for ever
     * @throws OperationInterruptedException if the calling thread is interrupted
     * @throws IllegalStateException if this has been closed
     */
    synchronized Event next(long patienceMillis) {
        long patienceEnd = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        try {
            while (true) {
                Event event = poll();
                if (event != null) {
                    return event;
                }
                boolean patient = patienceMillis == 0 || !readings.isEmpty();
                long left = patient ? 0 : TimeUnit.NANOSECONDS.toMillis(patienceEnd - System.nanoTime());
                if (!patient && left <= 0) {
                    return new Event(Kind.IDLE, null, null);
                }
                wait(left);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while waiting for a file to be read", interrupt);
        }
    }

    /** What can be handed out now; null if nothing can. */
    private @Nullable Event poll() {
        if (closed) {
            throw new IllegalStateException("this stream of results is closed");
        }
        rethrow(fault);
        advance();
        Reading head = readings.peek();
        if (head == null && exhausted) {
            rethrow(sourceFault);
            return new Event(Kind.END, null, null);
        }
        if (head != null && !head.ready.isEmpty()) {
            return new Event(Kind.CHUNK, head, head.ready.remove());
        }
        if (head != null && head.finished) {
            readings.remove();
            return new Event(Kind.END_OF_INPUT, head, null);
        }
        return null;
    }

    /** Gives a chunk's memory back. */
    synchronized void release(HostTensor chunk) {
        chunksInUse--;
        HostTensor memory = whole.remove(chunk);
        free.add(memory == null ? chunk : memory);
        advance();
    }

    /** Starts whatever may be started now. */
    private void advance() {
        if (closed || fault != null) {
            return;
        }
        if (!listing && !exhausted && readings.size() < options.workers() + options.batch()) {
            listing = true;
            lister.execute(this::list);
        }
        Reading head = readings.peek();
        for (Reading reading : readings) {
            if (!reading.finished && !reading.running) {
                start(reading, reading == head && reading.ready.isEmpty());
            }
        }
    }

    /** Starts reading an input's next chunk, if there is room for it; the one that the consumer waits for always has room. */
    private void start(Reading reading, boolean awaited) {
        boolean mayOpen = reading.started || open < options.workers();
        if (!awaited && (!mayOpen || chunksInUse >= mostChunks)) {
            return;
        }
        HostTensor target = free.isEmpty() ? allocate(awaited) : free.remove();
        if (target != null) {
            chunksInUse++;
            open += reading.started ? 0 : 1;
            reading.started = true;
            reading.running = true;
            workers.execute(new Job(reading, target));
        }
    }

    /** Memory for a chunk; null where there is none and the chunk can wait. */
    private @Nullable HostTensor allocate(boolean needed) {
        try {
            return HostTensor.allocate(DType.FLOAT32, chunkShape);
        } catch (OutOfMemoryError full) {
            if (needed && chunksInUse == 0) {
                throw new OutOfMemoryException(
                        "not enough direct memory for " + chunkShape + " float32 values: raise -XX:MaxDirectMemorySize",
                        full);
            }
            mostChunks = Math.max(1, chunksInUse);
            return null;
        }
    }

    /** On the lister's thread: takes one input from the caller. */
    private void list() {
        MediaInput input = null;
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
                readings.add(new Reading(input));
            } else {
                sourceFault = failure; // thrown after the results of the inputs before it
                exhausted = true;
            }
            proceed();
        }
    }

    /** The reading of one chunk. */
    private final class Job implements Runnable {
        final Reading reading;
        private final HostTensor target;

        Job(Reading reading, HostTensor target) {
            this.reading = reading;
            this.target = target;
        }

        @Override
        public void run() {
            read(reading, target);
        }
    }

    /** On a worker's thread: reads one chunk. */
    private void read(Reading reading, HostTensor target) {
        long start = System.nanoTime();
        Throwable failure = null;
        boolean last = true;
        HostTensor chunk = target;
        try {
            MediaViews.ChunkReader reader = reading.reader;
            if (reader == null) {
                reader = views.open(reading.input, options);
                reading.reader = reader;
            }
            chunk = reader.read(reading.nextChunk, target);
            reading.nextChunk++;
            last = reading.nextChunk == reader.chunks();
        } catch (Throwable thrown) { // reported to the consumer in order
            failure = thrown;
        }
        List<String> warnings =
                last && failure == null && reading.reader != null ? reading.reader.warnings() : List.of();
        if (last) {
            failure = close(reading, failure);
        }
        synchronized (this) {
            reading.warnings = warnings;
            reading.nanoseconds += System.nanoTime() - start;
            finish(reading, target, chunk, failure, last);
            proceed();
        }
    }

    private void finish(
            Reading reading, HostTensor target, HostTensor chunk, @Nullable Throwable failure, boolean last) {
        reading.running = false;
        if (failure == null) {
            reading.ready.add(chunk);
            if (chunk != target) {
                whole.put(chunk, target);
            }
        } else {
            chunksInUse--;
            free.add(target);
            reading.failure = expected(reading.input, failure);
        }
        if (last) {
            reading.finished = true;
            open--;
        } else if (closed) {
            close(reading, null);
        }
    }

    /** What the user can correct becomes the input's result; everything else ends the whole stream. */
    private @Nullable HieraException expected(MediaInput input, Throwable failure) {
        if (failure instanceof HieraException known) {
            return known;
        }
        if (OutOfMemory.isCauseOf(failure)) {
            return new OutOfMemoryException(
                    input.name() + ": out of memory: use fewer workers or a smaller image, or give the Java heap more",
                    failure);
        }
        fault = fault == null ? failure : fault;
        return null;
    }

    private static @Nullable Throwable close(Reading reading, @Nullable Throwable failure) {
        MediaViews.ChunkReader reader = reading.reader;
        reading.reader = null;
        try {
            if (reader != null) {
                reader.close();
            }
            return failure;
        } catch (RuntimeException thrown) {
            return failure == null ? thrown : failure;
        }
    }

    /** Starts more and wakes the consumer; failures here are reported to it. */
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
                ((Job) dropped).reading.running = false;
            }
            for (Reading reading : readings) {
                if (!reading.running) {
                    close(reading, null);
                }
            }
            readings.clear();
            free.clear();
            notifyAll();
        }
    }
}
