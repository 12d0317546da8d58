package io.github.hiera4j.api.internal;

import io.github.hiera4j.model.OutOfMemory;
import io.github.hiera4j.model.OutOfMemoryException;
import java.util.function.Supplier;

/** Explains failures due to lack of memory. */
public final class MemoryErrors {
    private MemoryErrors() {}

    /**
     * Runs work; a failure due to lack of memory becomes an {@link OutOfMemoryException} that says what to do.
     *
     * @param <T> the result
     * @param what description of the work for the message
     * @param work runs on the calling thread
     * @return the result of the work
     */
    public static <T> T explain(String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException | OutOfMemoryError failure) {
            if (failure instanceof OutOfMemoryException || !OutOfMemory.isCauseOf(failure)) {
                throw failure;
            }
            throw new OutOfMemoryException(
                    what + " takes more memory than there is: use a smaller batch or model, or give the Java heap"
                            + " (-Xmx) or direct memory (-XX:MaxDirectMemorySize) more",
                    failure);
        }
    }
}
