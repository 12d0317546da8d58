package io.github.hiera4j.model;

/**
 * Thrown when the calling thread was interrupted. The thread's interrupt status is set; nothing is wrong with the input.
 */
public class OperationInterruptedException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a one-line message.
     *
     * @param message one line: what, expected, got, what to do
     */
    public OperationInterruptedException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a one-line message and a cause.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause the cause
     */
    public OperationInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public OperationInterruptedException withMessage(String message) {
        return new OperationInterruptedException(message, this);
    }
}
