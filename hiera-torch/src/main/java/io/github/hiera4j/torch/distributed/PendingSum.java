package io.github.hiera4j.torch.distributed;

/** A sum over all processes, or a copy from one of them, that is under way; nothing may touch its tensor before {@link #await} returns. */
@FunctionalInterface
public interface PendingSum {
    /**
     * Waits until the tensor holds the result.
     *
     * @throws LostProcessException if another process ended or did not answer in time
     */
    void await();
}
