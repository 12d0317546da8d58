package io.github.hiera4j.serve.schedule;

/** Receives events of a {@link BatchQueue}, for metrics. Called on the queue's thread. */
public interface BatchListener {
    /** Does nothing. */
    BatchListener NONE = (size, waited, ran) -> {};

    /**
     * Called after a batch has run.
     *
     * @param size number of views
     * @param waitedNanos waiting time of the first view
     * @param ranNanos computing time of the model
     */
    void ran(int size, long waitedNanos, long ranNanos);
}
