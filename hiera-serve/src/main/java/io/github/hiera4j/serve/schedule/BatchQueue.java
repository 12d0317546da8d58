package io.github.hiera4j.serve.schedule;

import io.github.hiera4j.model.backend.ThreadEnd;
import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Gathers the views of all requests into batches for one model.
 *
 * <p>A batch runs when it is full, or when its first view has waited for the longest delay. It then still waits for files that are being
 * decoded ({@link Arrivals}), at most for a quarter of the duration of the last batch. Views for the same outputs
 * share a batch. The number of waiting views is bounded by their memory; a caller that submits more blocks. Views of
 * cancelled requests are skipped.
 */
public final class BatchQueue implements AutoCloseable {
    /** Largest memory of the waiting views of one model, in bytes. */
    private static final long MOST_BYTES = 512L << 20;

    /** Longest time that a batch waits for files that are being decoded, however slow the model is. */
    private static final long LONGEST_PATIENCE_NANOS = 250_000_000;

    private static final int PATIENCE_DIVISOR = 4;

    /** Interval between checks of the expected files. */
    private static final long LOOK_NANOS = 1_000_000;

    private final Model model;
    private final Shape viewShape;
    private final int largest;
    private final long delayNanos;
    private final BatchListener listener;
    private final Arrivals arrivals;
    private final ViewBuffers buffers;
    private final HostTensor batch;
    private final Deque<Item> waiting = new ArrayDeque<>();
    private final Thread thread;
    private long lastRunNanos; // used only by the queue's thread
    private boolean closed;

    /** Computes a batch. */
    @FunctionalInterface
    public interface Model {
        /**
         * Computes outputs of prepared pixels.
         *
         * @param pixels {@code [B, 3, (T,) H, W]}
         * @param outputs names of the outputs
         * @return one tensor {@code [B, …]} per output
         */
        List<HostTensor> run(HostTensor pixels, List<String> outputs);
    }

    private record Item(
            HostTensor view,
            List<String> outputs,
            Ticket ticket,
            CompletableFuture<List<HostTensor>> result,
            long sinceNanos) {}

    /**
     * Starts the thread that runs the batches.
     *
     * @param name name of the thread
     * @param model computes the batches
     * @param viewShape shape of one view, {@code [1, 3, (T,) H, W]}
     * @param largest largest number of views in a batch
     * @param delay longest time that a view waits for others
     * @param listener receives every batch
     * @param arrivals files that are being decoded
     */
    public BatchQueue(
            String name,
            Model model,
            Shape viewShape,
            int largest,
            Duration delay,
            BatchListener listener,
            Arrivals arrivals) {
        this.arrivals = arrivals;
        this.model = model;
        this.viewShape = viewShape;
        long viewBytes = viewShape.elements() * Float.BYTES;
        this.largest = (int) Math.max(1, Math.min(largest, MOST_BYTES / 3 / viewBytes));
        this.delayNanos = delay.toNanos();
        this.listener = listener;
        this.buffers = new ViewBuffers(viewShape, 2 * this.largest + 2);
        this.batch = HostTensor.allocate(DType.FLOAT32, viewShape.withSize(0, this.largest));
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Returns the number of views that wait for a batch.
     *
     * @return their number
     */
    public int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /**
     * Copies a view to be computed together with others; blocks while too many views are waiting.
     *
     * @param ticket the request's deadline and connection
     * @param view {@code [1, 3, (T,) H, W]}
     * @param outputs names of the outputs
     * @return the outputs of this view, without the leading axis
     */
    public CompletableFuture<List<HostTensor>> submit(Ticket ticket, HostTensor view, List<String> outputs) {
        ticket.times().begin(Stage.WAIT);
        try {
            return enqueue(ticket, view, outputs);
        } catch (RuntimeException | Error failure) {
            ticket.times().end(Stage.WAIT);
            throw failure;
        }
    }

    private CompletableFuture<List<HostTensor>> enqueue(Ticket ticket, HostTensor view, List<String> outputs) {
        HostTensor copy = buffers.take(ticket);
        copy.bytes().put(view.bytes());
        Item item = new Item(copy, List.copyOf(outputs), ticket, new CompletableFuture<>(), System.nanoTime());
        synchronized (waiting) {
            if (closed) {
                buffers.giveBack(copy);
                throw new IllegalStateException("the queue is closed");
            }
            waiting.add(item);
            waiting.notifyAll();
        }
        return item.result;
    }

    private void run() {
        try {
            while (true) {
                List<Item> items = next();
                if (items.isEmpty()) {
                    return;
                }
                compute(items);
            }
        } catch (InterruptedException never) {
            throw new IllegalStateException("nobody interrupts this thread", never);
        }
    }

    /** Waits for the next batch to be full or due; empty after closing. */
    private List<Item> next() throws InterruptedException {
        synchronized (waiting) {
            while (true) {
                dropCancelled();
                Item first = waiting.peek();
                if (first == null) {
                    if (closed) {
                        return List.of();
                    }
                    waiting.wait();
                    continue;
                }
                long left = left(System.nanoTime() - first.sinceNanos);
                if (left <= 0 || closed || like(first) >= largest) {
                    return takeLike(first);
                }
                waiting.wait(left / 1_000_000, (int) (left % 1_000_000));
            }
        }
    }

    /** Returns how much longer a batch waits, given the time that its first view has waited. */
    private long left(long waited) {
        long left = delayNanos - waited;
        if (left > 0 || delayNanos == 0 || arrivals.count() == 0) {
            return left;
        }
        long patience = Math.min(LONGEST_PATIENCE_NANOS, lastRunNanos / PATIENCE_DIVISOR);
        return Math.min(LOOK_NANOS, patience - waited);
    }

    private void dropCancelled() {
        for (Iterator<Item> items = waiting.iterator(); items.hasNext(); ) {
            Item item = items.next();
            if (item.ticket.isCancelled()) {
                items.remove();
                buffers.giveBack(item.view);
                item.ticket.times().end(Stage.WAIT);
                item.result.completeExceptionally(new CancellationException());
            }
        }
    }

    private long like(Item first) {
        return waiting.stream()
                .filter(item -> item.outputs.equals(first.outputs))
                .count();
    }

    private List<Item> takeLike(Item first) {
        List<Item> items = new ArrayList<>();
        for (Iterator<Item> all = waiting.iterator(); all.hasNext() && items.size() < largest; ) {
            Item item = all.next();
            if (item.outputs.equals(first.outputs)) {
                all.remove();
                items.add(item);
            }
        }
        return items;
    }

    private void compute(List<Item> items) {
        long start = System.nanoTime();
        items.forEach(item -> {
            item.ticket.times().end(Stage.WAIT);
            item.ticket.times().begin(Stage.MODEL);
        });
        List<HostTensor> outputs;
        try {
            outputs = model.run(gather(items), items.get(0).outputs);
        } catch (RuntimeException | Error failure) {
            items.forEach(item -> {
                buffers.giveBack(item.view);
                item.ticket.times().end(Stage.MODEL);
                item.result.completeExceptionally(failure);
            });
            return;
        }
        items.forEach(item -> {
            buffers.giveBack(item.view);
            item.ticket.times().end(Stage.MODEL);
        });
        lastRunNanos = System.nanoTime() - start;
        listener.ran(items.size(), start - items.get(0).sinceNanos, lastRunNanos);
        for (int i = 0; i < items.size(); i++) {
            int row = i;
            items.get(i)
                    .result
                    .complete(outputs.stream().map(output -> output.slice(row)).toList());
        }
    }

    /** Returns a single view without copying; several views are copied into one tensor. */
    private HostTensor gather(List<Item> items) {
        if (items.size() == 1) {
            return items.get(0).view;
        }
        ByteBuffer target = batch.bytes();
        items.forEach(item -> target.put(item.view.bytes()));
        return HostTensor.wrap(DType.FLOAT32, viewShape.withSize(0, items.size()), target.rewind());
    }

    /** Computes the waiting views, and ends the thread; no more views may be submitted. */
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        ThreadEnd.await(List.of(thread));
    }
}
