package io.github.hiera4j.torch.distributed;

/** A sum over all processes, or a copy from one of them, in progress; its tensor must not be used before {@link #await} returns. */
public interface PendingSum {
    /** A sum that is already complete. */
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
     * Returns whether sending and receiving have ended. May be called from any thread while the scope in which this was started is open.
     *
     * @return true if it has ended, successfully or with a failure
     */
    boolean isComplete();

    /**
     * Adds an action that {@link #await} performs once the result is available.
     *
     * @param action the action
     * @return this operation followed by the action
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
