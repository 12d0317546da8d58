package io.github.hiera4j.api;

import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.model.tensor.HostTensor;
import io.github.hiera4j.model.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Files in, results out, in the same order: workers read ahead while the model computes.
 *
 * <p>Only a few files are read ahead, so whoever takes results slowly slows the reading down, and memory does not depend on the
 * number of files. A file that cannot be read becomes a failure among the results.
 */
final class MediaPipeline implements Iterator<MediaResult<HostTensor>>, AutoCloseable {
    private final Iterator<Path> files;
    private final Function<Path, HostTensor> read;
    private final Function<HostTensor, HostTensor> model;
    private final int batch;
    private final int ahead;
    private final ExecutorService workers;
    private final Deque<Reading> readings = new ArrayDeque<>();
    private final Deque<MediaResult<HostTensor>> ready = new ArrayDeque<>();

    private record Reading(Path file, Future<Prepared> prepared) {}

    private record Prepared(Path file, HostTensor views, double milliseconds) {}

    /**
     * @param files what to read; taken from the caller's thread only
     * @param read makes a file's views {@code [V, …]}; runs on the workers
     * @param model computes {@code [V, …]} to {@code [V, …]}; runs on the caller's thread
     */
    private MediaPipeline(
            Iterator<Path> files,
            Function<Path, HostTensor> read,
            Function<HostTensor, HostTensor> model,
            ReadOptions options) {
        this.files = files;
        this.read = read;
        this.model = model;
        this.batch = options.batch();
        this.ahead = options.workers() + options.batch();
        this.workers = Executors.newFixedThreadPool(options.workers(), task -> {
            Thread thread = new Thread(task, "hiera-media");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The results as a lazy stream; closing it stops the workers. */
    static Stream<MediaResult<HostTensor>> stream(
            Stream<Path> files,
            Function<Path, HostTensor> read,
            Function<HostTensor, HostTensor> model,
            ReadOptions options) {
        MediaPipeline pipeline = new MediaPipeline(files.iterator(), read, model, options);
        Spliterator<MediaResult<HostTensor>> results =
                Spliterators.spliteratorUnknownSize(pipeline, Spliterator.ORDERED | Spliterator.NONNULL);
        return StreamSupport.stream(results, false).onClose(pipeline::close).onClose(files::close);
    }

    @Override
    public boolean hasNext() {
        readAhead();
        boolean more = !ready.isEmpty() || !readings.isEmpty();
        if (!more) {
            close();
        }
        return more;
    }

    @Override
    public MediaResult<HostTensor> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (ready.isEmpty()) {
            computeBatch();
        }
        return ready.remove();
    }

    private void readAhead() {
        while (readings.size() < ahead && files.hasNext()) {
            Path file = files.next();
            readings.add(new Reading(file, workers.submit(() -> prepare(file))));
        }
    }

    private Prepared prepare(Path file) {
        long start = System.nanoTime();
        HostTensor views = read.apply(file);
        return new Prepared(file, views, (System.nanoTime() - start) / 1e6);
    }

    /** Takes files until they fill a batch, or until a failure must be told in its turn. */
    private void computeBatch() {
        List<Prepared> files = new ArrayList<>();
        int views = 0;
        MediaResult<HostTensor> failure = null;
        while (views < batch && failure == null && !readings.isEmpty()) {
            Reading reading = readings.remove();
            try {
                Prepared prepared = reading.prepared().get();
                files.add(prepared);
                views += prepared.views().shape().size(0);
            } catch (ExecutionException broken) {
                failure = MediaResult.failure(reading.file(), expected(broken.getCause()));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new HieraException("interrupted while reading " + reading.file(), interrupted);
            }
            readAhead();
        }
        if (!files.isEmpty()) {
            compute(files, views);
        }
        if (failure != null) {
            ready.add(failure);
        }
    }

    private static HieraException expected(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof HieraException failure) {
            return failure;
        }
        throw new IllegalStateException(cause);
    }

    private void compute(List<Prepared> files, int views) {
        long start = System.nanoTime();
        List<HostTensor> results = new ArrayList<>(); // one per view
        List<HostTensor> waiting = new ArrayList<>();
        for (Prepared file : files) {
            for (int view = 0; view < file.views().shape().size(0); view++) {
                HostTensor next = file.views().slice(view);
                if (!waiting.isEmpty() && !waiting.get(0).shape().equals(next.shape())) {
                    results.addAll(run(waiting)); // another size
                    waiting.clear();
                }
                waiting.add(next);
                if (waiting.size() == batch) {
                    results.addAll(run(waiting));
                    waiting.clear();
                }
            }
        }
        if (!waiting.isEmpty()) {
            results.addAll(run(waiting));
        }
        double perView = (System.nanoTime() - start) / 1e6 / views;
        int first = 0;
        for (Prepared file : files) {
            int count = file.views().shape().size(0);
            HostTensor ofFile = stack(results.subList(first, first + count));
            ready.add(MediaResult.success(file.file(), ofFile, file.milliseconds() + count * perView));
            first += count;
        }
    }

    private List<HostTensor> run(List<HostTensor> views) {
        HostTensor computed = model.apply(stack(views));
        List<HostTensor> results = new ArrayList<>();
        for (int view = 0; view < views.size(); view++) {
            results.add(computed.slice(view));
        }
        return results;
    }

    /** Tensors of one shape as entries of a new leading axis; a single one keeps its memory. */
    private static HostTensor stack(List<HostTensor> parts) {
        HostTensor first = parts.get(0);
        int[] inner = first.shape().sizes();
        int[] sizes = new int[inner.length + 1];
        sizes[0] = parts.size();
        System.arraycopy(inner, 0, sizes, 1, inner.length);
        if (parts.size() == 1) {
            return first.reshape(Shape.of(sizes));
        }
        HostTensor stacked = HostTensor.allocate(first.dtype(), Shape.of(sizes));
        ByteBuffer target = stacked.bytes();
        parts.forEach(part -> target.put(part.bytes()));
        return stacked;
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
