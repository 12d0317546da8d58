package io.github.hiera4j.model;

/**
 * Memory ran out, in the Java heap, in direct buffers, or in a native library. What was running is undone; the model can still be
 * used, for example with a smaller batch.
 */
public class OutOfMemoryException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with a one-line message: what, expected, got, what to do.
     *
     * @param message one line: what, expected, got, what to do
     */
    public OutOfMemoryException(String message) {
        super(message);
    }

    /**
     * A failure with a one-line message, and what caused it.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause what caused it
     */
    public OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public OutOfMemoryException withMessage(String message) {
        return new OutOfMemoryException(message, this);
    }
}
