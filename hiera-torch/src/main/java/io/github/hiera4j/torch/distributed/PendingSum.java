package io.github.hiera4j.torch.distributed;

/** A sum over all processes, or a copy from one of them, in progress; its tensor must not be used before {@link #await} returns. */
public interface PendingSum {
    /** There was nothing to do. */
    PendingSum NONE = new PendingSum() {
        @Override
        public void await() {}

        @Override
        public boolean isComplete() {
            return true;
        }
    };

    /**
     * Waits until the tensor contains the result.
     *
     * @throws LostProcessException if another process ended or did not respond in time
     */
    void await();

    /**
     * Whether nothing is sent or received any more; may be asked on any thread as long as the scope in which this began is open.
     *
     * @return true also after a failure
     */
    boolean isComplete();

    /**
     * The same, and something to do when the result is there.
     *
     * @param action done by {@link #await}
     * @return what is under way
     */
    default PendingSum then(Runnable action) {
        PendingSum before = this;
        return new PendingSum() {
            @Override
            public void await() {
                before.await();
                action.run();
            }

            @Override
            public boolean isComplete() {
                return before.isComplete();
            }
        };
    }
}
