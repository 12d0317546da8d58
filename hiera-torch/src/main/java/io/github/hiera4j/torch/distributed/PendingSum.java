package io.github.hiera4j.torch.distributed;

/** A sum over all processes that is under way; nothing may touch its tensor before {@link #await} returns. */
@FunctionalInterface
public interface PendingSum {
    /**
     * Waits until the tensor holds the sum.
     *
     * @throws LostProcessException if another process ended or did not answer in time
     */
    void await();
}
