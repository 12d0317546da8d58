package io.github.hiera4j.torch.distributed;

/** A sum over all processes, or a copy from one of them, in progress; its tensor must not be used before {@link #await} returns. */
@FunctionalInterface
public interface PendingSum {
    /**
     * Waits until the tensor contains the result.
     *
     * @throws LostProcessException if another process ended or did not respond in time
     */
    void await();
}
