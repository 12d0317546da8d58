package io.github.hiera4j.api.fetch;

/** Hears how far a download is. */
public interface TransferListener {
    /** Hears nothing. */
    TransferListener SILENT = new TransferListener() {};

    /**
     * Some bytes have arrived.
     *
     * @param received bytes of the file so far, those of an earlier attempt included
     * @param total bytes of the whole file; -1 if the server does not say
     */
    default void progress(long received, long total) {}

    /** A message for the user: a connection broke off, or the file changed on the server. */
    default void note(String message) {}
}
