package io.github.hiera4j.serve.model;

import io.github.hiera4j.api.LoadOptions;
import io.github.hiera4j.api.insight.attention.AttentionModel;
import io.github.hiera4j.api.insight.reconstruct.MaskChoice;
import io.github.hiera4j.api.insight.reconstruct.Reconstructor;
import io.github.hiera4j.model.HieraException;
import io.github.hiera4j.serve.request.Stage;
import io.github.hiera4j.serve.request.Ticket;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Access to the inside of a served encoder: its attention, and an autoencoder's decoder for the most recently requested mask ratios.
 *
 * <p>Each network is loaded from the model's file on first use, because it takes the memory of another copy of the weights. One
 * request at a time is computed. Thread-safe.
 */
public final class InsideView implements AutoCloseable {
    /** Number of mask ratios whose networks are kept: each has a graph and its own copy of the weights. */
    private static final int RATIOS = 2;

    private static final long GLANCE_MILLIS = 100;

    private final Path weights;
    private final LoadOptions options;
    private final boolean reconstructs;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Map<Double, Reconstructor> reconstructors = new LinkedHashMap<>(4, 0.75f, true);
    private @Nullable AttentionModel attention;
    private boolean closed;
    private volatile long nativeBytes;

    InsideView(Path weights, LoadOptions options, boolean reconstructs) {
        this.weights = weights;
        this.options = options;
        this.reconstructs = reconstructs;
    }

    /** Returns whether the model has a decoder. */
    boolean reconstructs() {
        return reconstructs;
    }

    /**
     * Runs work with the model's attention.
     *
     * @param <R> the result
     * @param ticket the request's deadline and connection
     * @param work receives the model
     * @return the result of the work
     * @throws HieraException if the model's file no longer exists
     */
    public <R> R attention(Ticket ticket, Function<AttentionModel, R> work) {
        return alone(ticket, () -> {
            AttentionModel known = attention;
            if (known == null) {
                known = ticket.times().during(Stage.MODEL, () -> AttentionModel.load(weights, options));
                attention = known;
            }
            return work.apply(known);
        });
    }

    /**
     * Runs work with the autoencoder.
     *
     * @param <R> the result
     * @param ticket the request's deadline and connection
     * @param ratio share of the mask units to hide, above 0 and below 1
     * @param work receives the model
     * @return the result of the work
     * @throws HieraException if the ratio hides all units or none, or the model's file no longer exists
     */
    public <R> R reconstructor(Ticket ticket, double ratio, Function<Reconstructor, R> work) {
        return alone(ticket, () -> {
            Reconstructor known = reconstructors.get(ratio);
            if (known == null) {
                Iterator<Reconstructor> oldestFirst = reconstructors.values().iterator();
                while (reconstructors.size() >= RATIOS) {
                    oldestFirst.next().close();
                    oldestFirst.remove();
                }
                known = ticket.times()
                        .during(
                                Stage.MODEL,
                                () -> Reconstructor.load(weights, options, new MaskChoice(ratio, 0, 1, null)));
                reconstructors.put(ratio, known);
            }
            return work.apply(known);
        });
    }

    private interface Work<R> {
        R compute();
    }

    private <R> R alone(Ticket ticket, Work<R> work) {
        ticket.times().begin(Stage.WAIT);
        try {
            while (!lock.tryLock(GLANCE_MILLIS, TimeUnit.MILLISECONDS)) {
                ticket.checkWanted();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another request is computed", stop);
        } finally {
            ticket.times().end(Stage.WAIT);
        }
        try {
            ticket.checkWanted();
            if (closed) {
                throw new IllegalStateException(weights + " is closed");
            }
            return work.compute();
        } finally {
            nativeBytes = held();
            lock.unlock();
        }
    }

    private long held() {
        AttentionModel known = attention;
        return (known == null ? 0 : known.model().nativeBytes())
                + reconstructors.values().stream()
                        .mapToLong(one -> one.model().nativeBytes())
                        .sum();
    }

    /** Bytes of native memory held after the last request. */
    long nativeBytes() {
        return nativeBytes;
    }

    /** Waits for the request in progress, and frees everything. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            reconstructors.values().forEach(Reconstructor::close);
            reconstructors.clear();
            AttentionModel known = attention;
            if (known != null) {
                known.close();
                attention = null;
            }
            nativeBytes = 0;
        } finally {
            lock.unlock();
        }
    }
}
