package io.github.hiera4j.serve.schedule;

/** Learns what a {@link BatchQueue} does, for metrics. Called on the queue's own thread. */
public interface BatchListener {
    /** Does nothing. */
    BatchListener NONE = (size, waited, ran) -> {};

    /**
     * A batch has run.
     *
     * @param size views in it
     * @param waitedNanos how long the first of them waited
     * @param ranNanos how long the model computed
     */
    void ran(int size, long waitedNanos, long ranNanos);
}
