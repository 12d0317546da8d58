package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.backend.Session;
import io.github.hiera4j.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One session per input size, made when a size first comes and closed when others have come since: each holds its own weights.
 * Thread-safe.
 */
public final class SizedSessions implements AutoCloseable {
    private static final int KEPT = 4;

    private final Function<List<Integer>, Session> open;
    private final Map<List<Integer>, Entry> entries = new LinkedHashMap<>(16, 0.75f, true); // by last use

    private static final class Entry {
        final Session session;
        int users;

        Entry(Session session) {
            this.session = session;
        }
    }

    /**
     * Compiles sessions as sizes are requested.
     *
     * @param open compiles the model for an input size
     */
    public SizedSessions(Function<List<Integer>, Session> open) {
        this.open = open;
    }

    /** Runs the session of a size. */
    public Map<String, HostTensor> run(List<Integer> size, Map<String, HostTensor> inputs, List<String> outputs) {
        Entry entry = acquire(size);
        try {
            return entry.session.run(inputs, outputs);
        } finally {
            release(entry);
        }
    }

    /** Opens the session of a size before it is needed, so that a fault shows at once. */
    public void prepare(List<Integer> size) {
        release(acquire(size));
    }

    private synchronized Entry acquire(List<Integer> size) {
        Entry entry = entries.get(size);
        if (entry == null) {
            closeIdle(KEPT - 1);
            entry = new Entry(open.apply(size));
            entries.put(List.copyOf(size), entry);
        }
        entry.users++;
        return entry;
    }

    private synchronized void release(Entry entry) {
        entry.users--;
        closeIdle(KEPT);
    }

    /** Closes sessions that nobody uses, the longest unused first, until no more than {@code kept} are left. */
    private void closeIdle(int kept) {
        Iterator<Entry> oldest = entries.values().iterator();
        while (entries.size() > kept && oldest.hasNext()) {
            Entry entry = oldest.next();
            if (entry.users == 0) {
                oldest.remove();
                entry.session.close();
            }
        }
    }

    public synchronized long nativeBytes() {
        return entries.values().stream()
                .mapToLong(entry -> entry.session.nativeBytes())
                .sum();
    }

    @Override
    public synchronized void close() {
        new ArrayList<>(entries.values()).forEach(entry -> entry.session.close());
        entries.clear();
    }
}
