package io.github.hiera4j.train.data;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** Files that could not be read, each with its fault. Thread-safe; remembers at most a thousand. */
public final class DamagedFiles {
    private static final int MOST = 1000;

    private final Map<String, String> faults = new ConcurrentSkipListMap<>();

    void add(String name, String fault) {
        if (faults.size() < MOST) {
            faults.putIfAbsent(name, fault);
        }
    }

    /**
     * Returns the faults by file.
     *
     * @return the faults
     */
    public Map<String, String> faults() {
        return Map.copyOf(faults);
    }

    /** {@return number of files} */
    public int count() {
        return faults.size();
    }

    @Override
    public String toString() {
        return faults.isEmpty()
                ? "no damaged file"
                : faults.values().iterator().next() + (count() > 1 ? " (and " + (count() - 1) + " more)" : "");
    }
}
