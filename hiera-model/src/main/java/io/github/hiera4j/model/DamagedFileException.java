package io.github.hiera4j.model;

/**
 * Thrown when the content of a file or stream violates its format: it is truncated, corrupt or empty, or its sizes are
 * implausible. Another copy of the same file may work.
 */
public class DamagedFileException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a one-line message.
     *
     * @param message one line: what, expected, got, what to do
     */
    public DamagedFileException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a one-line message and a cause.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause the cause
     */
    public DamagedFileException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public DamagedFileException withMessage(String message) {
        return new DamagedFileException(message, this);
    }
}
