package io.github.hiera4j.api.fetch;

/** Receives the progress of a download. */
public interface TransferListener {
    /** Ignores everything. */
    TransferListener SILENT = new TransferListener() {};

    /**
     * Called when bytes have been received.
     *
     * @param received bytes of the file so far, including those of an earlier attempt
     * @param total bytes of the whole file; -1 if unknown
     */
    default void progress(long received, long total) {}

    /**
     * Called with a message for the user: a connection was lost, or the file changed on the server.
     *
     * @param message one line
     */
    default void note(String message) {}
}
