package io.github.hiera4j.model;

/**
 * The calling thread was interrupted. The thread's interrupt status is set; nothing is wrong with the input.
 */
public class OperationInterruptedException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with a one-line message: what, expected, got, what to do.
     *
     * @param message one line: what, expected, got, what to do
     */
    public OperationInterruptedException(String message) {
        super(message);
    }

    /**
     * A failure with a one-line message, and what caused it.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause what caused it
     */
    public OperationInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public OperationInterruptedException withMessage(String message) {
        return new OperationInterruptedException(message, this);
    }
}
