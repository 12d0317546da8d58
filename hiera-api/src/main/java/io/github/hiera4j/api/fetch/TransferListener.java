package io.github.hiera4j.api.fetch;

/** Receives the progress of a download. */
public interface TransferListener {
    /** Ignores everything. */
    TransferListener SILENT = new TransferListener() {};

    /**
     * Some bytes have arrived.
     *
     * @param received bytes of the file so far, those of an earlier attempt included
     * @param total bytes of the whole file; -1 if the server does not say
     */
    default void progress(long received, long total) {}

    /**
     * A message for the user: a connection broke off, or the file changed on the server.
     *
     * @param message one line
     */
    default void note(String message) {}
}
