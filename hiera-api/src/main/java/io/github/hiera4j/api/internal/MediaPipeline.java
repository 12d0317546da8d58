package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.tensor.DType;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Processes inputs and returns their results in the same order: workers read ahead while the model computes.
 *
 * <p>The model runs on the thread that takes the results, one batch of views at a time. An incomplete batch waits briefly for
 * further inputs. An input that cannot be read becomes a failure among the results. The stream is never split, so a
 * parallel one takes no more inputs than a sequential one.
 *
 * @param <I> an input
 * @param <V> the model's result for one view
 * @param <R> the result of one input
 */
public final class MediaPipeline<I, V, R> implements Spliterator<Processed<I, R>>, AutoCloseable {
    private static final long PATIENCE_MILLIS = 100;

    private final ReadAhead<I> source;
    private final Function<HostTensor, List<V>> model;
    private final Function<List<V>, R> combine;
    private final int batch;

    /** Inputs whose results have not been returned, in order. */
    private final Deque<Pending<I, V>> pending = new ArrayDeque<>();

    /** Views to be computed, in order. */
    private final Deque<View<I, V>> waiting = new ArrayDeque<>();

    private @Nullable HostTensor batchBuffer;
    private boolean ended;

    /** An input and the results of its views so far. */
    private static final class Pending<I, V> {
        final Reading<I> reading;
        final List<V> results = new ArrayList<>();
        int views;
        boolean complete;
        double computeMillis;

        Pending(Reading<I> reading) {
            this.reading = reading;
        }
    }

    /** One view of an input, in a chunk that is released after its last view. */
    private record View<I, V>(Pending<I, V> owner, HostTensor chunk, int index) {
        /** Returns whether another view has the same size, so that both fit into one batch. */
        boolean isLike(View<I, V> other) {
            return chunk.shape().withSize(0, 1).equals(other.chunk.shape().withSize(0, 1));
        }

        boolean isLastOfChunk() {
            return index == chunk.shape().size(0) - 1;
        }
    }

    private MediaPipeline(
            ReadAhead<I> source, Function<HostTensor, List<V>> model, Function<List<V>, R> combine, int batch) {
        this.source = source;
        this.model = model;
        this.combine = combine;
        this.batch = batch;
    }

    /**
     * Returns the results as a lazy stream; closing it stops the workers and closes the stream of inputs.
     *
     * @param model converts {@code [B, …]} to one result per view; runs on the thread that takes results
     * @param combine combines the results of an input's views
     */
    public static <I, V, R> Stream<Processed<I, R>> stream(
            Stream<I> inputs, ReadPlan<I> plan, Function<HostTensor, List<V>> model, Function<List<V>, R> combine) {
        ReadAhead<I> source = new ReadAhead<>(inputs.sequential().iterator(), plan);
        MediaPipeline<I, V, R> pipeline = new MediaPipeline<>(source, model, combine, plan.batch());
        return StreamSupport.stream(pipeline, false).onClose(pipeline::close).onClose(inputs::close);
    }

    /** Returns the next result; if the consumer throws, the workers stop. */
    @Override
    public boolean tryAdvance(Consumer<? super Processed<I, R>> action) {
        if (ended) {
            return false;
        }
        try {
            Processed<I, R> result = next();
            if (result == null) {
                ended = true;
                close();
                return false;
            }
            action.accept(result);
            return true;
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    private @Nullable Processed<I, R> next() {
        while (true) {
            Pending<I, V> head = pending.peek();
            if (head != null && head.complete && (head.reading.failure != null || head.results.size() == head.views)) {
                return result(pending.remove());
            }
            if (waiting.size() >= batch) {
                compute();
                continue;
            }
            ReadEvent<I> event = source.next(waiting.isEmpty() ? 0 : PATIENCE_MILLIS);
            switch (event.kind()) {
                case CHUNK -> accept(event.input(), event.tensor());
                case END_OF_INPUT -> owner(event.input()).complete = true;
                case IDLE -> compute();
                case END -> {
                    if (waiting.isEmpty()) {
                        return null;
                    }
                    compute();
                }
            }
        }
    }

    private Processed<I, R> result(Pending<I, V> done) {
        Reading<I> reading = done.reading;
        double milliseconds = reading.nanoseconds / 1e6 + done.computeMillis;
        R value = reading.failure == null ? combine.apply(done.results) : null;
        return new Processed<>(reading.input, value, reading.failure, reading.warnings, milliseconds);
    }

    /** Returns the entry of an input: only the last one with events can still be incomplete. */
    private Pending<I, V> owner(Reading<I> reading) {
        Pending<I, V> last = pending.peekLast();
        if (last == null || last.reading != reading) {
            last = new Pending<>(reading);
            pending.add(last);
        }
        return last;
    }

    private void accept(Reading<I> reading, HostTensor chunk) {
        Pending<I, V> owner = owner(reading);
        for (int view = 0; view < chunk.shape().size(0); view++) {
            waiting.add(new View<>(owner, chunk, view));
            owner.views++;
        }
    }

    /** Runs the model on the first waiting views, at most one batch. */
    private void compute() {
        long start = System.nanoTime();
        List<View<I, V>> views = new ArrayList<>();
        while (views.size() < batch
                && !waiting.isEmpty()
                && (views.isEmpty() || views.get(0).isLike(waiting.element()))) {
            views.add(waiting.remove());
        }
        List<V> results = model.apply(stack(views));
        double perView = (System.nanoTime() - start) / 1e6 / views.size();
        for (int i = 0; i < views.size(); i++) {
            View<I, V> view = views.get(i);
            view.owner().results.add(results.get(i));
            view.owner().computeMillis += perView;
            if (view.isLastOfChunk()) {
                source.release(view.chunk());
            }
        }
    }

    /** Returns views as one batch, without copying if they are one view or one whole chunk. */
    private HostTensor stack(List<View<I, V>> views) {
        View<I, V> first = views.get(0);
        Shape chunkShape = first.chunk().shape();
        if (views.size() == 1) {
            return first.chunk().slice(first.index()).reshape(chunkShape.withSize(0, 1));
        }
        View<I, V> last = views.get(views.size() - 1);
        if (first.chunk() == last.chunk() && views.size() == chunkShape.size(0)) {
            return first.chunk();
        }
        Shape batchShape = chunkShape.withSize(0, batch);
        if (batchBuffer == null || batchBuffer.elements() < batchShape.elements()) {
            batchBuffer = HostTensor.allocate(DType.FLOAT32, batchShape);
        }
        ByteBuffer target = Objects.requireNonNull(batchBuffer).bytes();
        views.forEach(view -> target.put(view.chunk().slice(view.index()).bytes()));
        return HostTensor.wrap(DType.FLOAT32, chunkShape.withSize(0, views.size()), target.rewind());
    }

    @Override
    public @Nullable Spliterator<Processed<I, R>> trySplit() {
        return null;
    }

    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ORDERED | NONNULL;
    }

    @Override
    public void close() {
        source.close();
    }
}
