package io.github.hiera4j.model;

/**
 * Thrown when memory runs out in the Java heap, in direct buffers, or in a native library. The failed operation has no effect; the
 * model can still be used, for example with a smaller batch.
 */
public class OutOfMemoryException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a one-line message.
     *
     * @param message one line: what, expected, got, what to do
     */
    public OutOfMemoryException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a one-line message and a cause.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause the cause
     */
    public OutOfMemoryException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public OutOfMemoryException withMessage(String message) {
        return new OutOfMemoryException(message, this);
    }
}
