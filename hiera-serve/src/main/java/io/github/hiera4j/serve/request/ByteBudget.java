package io.github.hiera4j.serve.request;

/** A budget of bytes shared by all requests: taken before memory is allocated, returned when a request ends. Thread-safe. */
public final class ByteBudget {
    private final long limit;
    private long taken;

    /**
     * Creates a budget for all requests together.
     *
     * @param limit bytes that may be taken at a time
     */
    public ByteBudget(long limit) {
        this.limit = limit;
    }

    /** {@return the bytes currently taken} */
    public synchronized long taken() {
        return taken;
    }

    /** {@return the share of one request, empty at first} */
    public Share share() {
        return new Share();
    }

    private synchronized void take(long bytes) {
        if (taken + bytes > limit) {
            throw Refusal.busy(
                    "the server holds %d bytes of other requests and has no room for %d more: try again later",
                    taken, bytes);
        }
        taken += bytes;
    }

    private synchronized void giveBack(long bytes) {
        taken -= bytes;
    }

    /** The part that one request has taken. Not thread-safe. */
    public final class Share implements AutoCloseable {
        private long bytes;

        private Share() {}

        /**
         * Takes more bytes.
         *
         * @param more bytes
         * @throws Refusal with 503 if all requests together would hold too many
         */
        public void take(long more) {
            ByteBudget.this.take(more);
            bytes += more;
        }

        /** Returns all bytes to the budget; a second call does nothing. */
        @Override
        public void close() {
            giveBack(bytes);
            bytes = 0;
        }
    }
}
