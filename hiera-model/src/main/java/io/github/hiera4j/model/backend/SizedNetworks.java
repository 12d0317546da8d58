package io.github.hiera4j.model.backend;

import static io.github.hiera4j.model.Check.check;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One compiled network per input size, compiled when a size first occurs; the least recently used ones are closed, because each has
 * its own copy of the weights. Thread-safe.
 *
 * @param <N> the type of a compiled network
 */
public final class SizedNetworks<N> implements AutoCloseable {
    /** The default number of networks that are kept. */
    public static final int USUALLY_KEPT = 4;

    private final int kept;
    private final Function<List<Integer>, N> open;
    private final Consumer<N> shut;
    private final Map<List<Integer>, Entry<N>> entries =
            new LinkedHashMap<>(16, 0.75f, true); // least recently used first

    private boolean closed;

    private static final class Entry<N> {
        final N network;
        int users;

        Entry(N network) {
            this.network = network;
        }
    }

    /**
     * Creates a cache that compiles networks on demand.
     *
     * @param kept maximum number of networks kept between calls, 1 or more; more exist only while they are in use
     * @param open compiles the network of an input size
     * @param shut frees a network
     * @throws io.github.hiera4j.model.HieraException if {@code kept} is below 1
     */
    public SizedNetworks(int kept, Function<List<Integer>, N> open, Consumer<N> shut) {
        check(kept >= 1, "the number of input sizes to keep must be 1 or more, got %d", kept);
        this.kept = kept;
        this.open = open;
        this.shut = shut;
    }

    /**
     * {@return the result of a function of the network for an input size; the network stays open during the call}
     *
     * @param <R> the type of the result
     * @param size the input size in pixels
     * @param action the computation
     * @throws io.github.hiera4j.model.HieraException after {@link #close}
     */
    public <R> R use(List<Integer> size, Function<N, R> action) {
        Entry<N> entry = acquire(size);
        try {
            return action.apply(entry.network);
        } finally {
            release(entry);
        }
    }

    /**
     * Compiles the network for a size before it is needed, so that errors appear immediately.
     *
     * @param size the input size in pixels
     * @throws io.github.hiera4j.model.HieraException after {@link #close}
     */
    public void prepare(List<Integer> size) {
        release(acquire(size));
    }

    private synchronized Entry<N> acquire(List<Integer> size) {
        check(!closed, RunGuard.MODEL_IS_CLOSED);
        Entry<N> entry = entries.get(size);
        if (entry == null) {
            closeIdle(kept - 1);
            entry = new Entry<>(open.apply(size));
            entries.put(List.copyOf(size), entry);
        }
        entry.users++;
        return entry;
    }

    private synchronized void release(Entry<N> entry) {
        entry.users--;
        closeIdle(kept);
    }

    /** Closes unused networks, least recently used first, until at most the given number remain. */
    private void closeIdle(int most) {
        Iterator<Entry<N>> oldest = entries.values().iterator();
        while (entries.size() > most && oldest.hasNext()) {
            Entry<N> entry = oldest.next();
            if (entry.users == 0) {
                oldest.remove();
                shut.accept(entry.network);
            }
        }
    }

    /** {@return the number of networks that are kept} */
    public synchronized int size() {
        return entries.size();
    }

    /**
     * {@return the sum of a figure over the networks that are kept}
     *
     * @param figure a figure of one network, such as its native memory in bytes
     */
    public synchronized long sum(ToLongFunction<N> figure) {
        return entries.values().stream()
                .mapToLong(entry -> figure.applyAsLong(entry.network))
                .sum();
    }

    /** Closes all networks; later calls are refused. */
    @Override
    public synchronized void close() {
        closed = true;
        new ArrayList<>(entries.values()).forEach(entry -> shut.accept(entry.network));
        entries.clear();
    }
}
