package io.github.hiera4j.spark.executor;

import io.github.hiera4j.model.HieraException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models of this JVM. A model is loaded by the first task that needs it and shared by all others. Unused models are kept for
 * the next stage, at most {@value #MOST_IDLE}, and are freed when the JVM ends.
 */
public final class SharedModels {
    private static final int MOST_IDLE = 2;

    /** Models by specification, the most recently used one last. */
    private static final Map<ModelSpec, Entry> MODELS = new LinkedHashMap<>();

    private static long loads;

    private SharedModels() {}

    /** A model and the number of tasks that use it. */
    private static final class Entry {
        private @Nullable AutoCloseable model;
        private int users;

        /** One task loads the model, the others wait. */
        private synchronized AutoCloseable model(ModelSpec spec, HadoopFiles files) {
            AutoCloseable loaded = model;
            if (loaded == null) {
                loaded = spec.load(files);
                model = loaded;
                count();
            }
            return loaded;
        }

        private synchronized void close() {
            AutoCloseable loaded = model;
            model = null;
            if (loaded != null) {
                try {
                    loaded.close();
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            }
        }
    }

    /** A model in use: it stays open until {@link #close}. */
    static final class Lease implements AutoCloseable {
        private final Entry entry;
        private final AutoCloseable model;
        private boolean closed;

        private Lease(Entry entry, AutoCloseable model) {
            this.entry = entry;
            this.model = model;
        }

        <M> M model(Class<M> type) {
            return type.cast(model);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release(entry);
            }
        }
    }

    /**
     * Returns the model, and loads it if necessary.
     *
     * @throws HieraException if it cannot be loaded
     */
    static Lease lease(ModelSpec spec, HadoopFiles files) {
        AtExit.install();
        Entry entry = enter(spec);
        try {
            return new Lease(entry, entry.model(spec, files));
        } catch (RuntimeException | Error failure) {
            release(entry);
            throw failure;
        }
    }

    private static synchronized Entry enter(ModelSpec spec) {
        Entry entry = MODELS.remove(spec);
        entry = entry == null ? new Entry() : entry;
        entry.users++;
        MODELS.put(spec, entry);
        return entry;
    }

    private static synchronized void release(Entry entry) {
        entry.users--;
        close(MOST_IDLE);
    }

    static synchronized void closeIdle() {
        close(0);
    }

    /** Closes unused models, the least recently used first, except for the given number. */
    private static void close(int kept) {
        long idle = MODELS.values().stream().filter(each -> each.users == 0).count();
        for (var each = MODELS.values().iterator(); idle > kept && each.hasNext(); ) {
            Entry entry = each.next();
            if (entry.users == 0) {
                each.remove();
                entry.close();
                idle--;
            }
        }
    }

    private static synchronized void count() {
        loads++;
    }

    /** {@return the number of models that this JVM has loaded so far} */
    public static synchronized long loads() {
        return loads;
    }

    /** {@return the number of models that this JVM holds} */
    public static synchronized int open() {
        return MODELS.size();
    }
}
