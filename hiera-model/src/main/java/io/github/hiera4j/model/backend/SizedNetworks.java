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
 * One compiled network per input size, made when a size first comes and closed when others have come since: each holds weights of
 * its own. Thread-safe.
 *
 * @param <N> what is compiled for a size
 */
public final class SizedNetworks<N> implements AutoCloseable {
    /** Sizes that are kept where nothing else is said. */
    public static final int USUALLY_KEPT = 4;

    private final int kept;
    private final Function<List<Integer>, N> open;
    private final Consumer<N> shut;
    private final Map<List<Integer>, Entry<N>> entries = new LinkedHashMap<>(16, 0.75f, true); // by last use

    private static final class Entry<N> {
        final N network;
        int users;

        Entry(N network) {
            this.network = network;
        }
    }

    /**
     * Compiles networks as sizes are asked for.
     *
     * @param kept most networks that are held between calls, 1 or more; more exist only while they are in use
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
     * {@return what a function computes with the network of a size, which stays open meanwhile}
     *
     * @param <R> what is computed
     * @param size the input size in pixels
     * @param action the computation
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
     * Compiles the network of a size before it is needed, so that a fault shows at once.
     *
     * @param size the input size in pixels
     */
    public void prepare(List<Integer> size) {
        release(acquire(size));
    }

    private synchronized Entry<N> acquire(List<Integer> size) {
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

    /** Closes networks that nobody uses, the longest unused first, until no more than the given number are left. */
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

    /** {@return how many networks are held} */
    public synchronized int size() {
        return entries.size();
    }

    /**
     * {@return the sum of a figure over the networks that are held}
     *
     * @param figure of one network, such as its native memory in bytes
     */
    public synchronized long sum(ToLongFunction<N> figure) {
        return entries.values().stream()
                .mapToLong(entry -> figure.applyAsLong(entry.network))
                .sum();
    }

    /** Closes all networks; a later call compiles again. */
    @Override
    public synchronized void close() {
        new ArrayList<>(entries.values()).forEach(entry -> shut.accept(entry.network));
        entries.clear();
    }
}
