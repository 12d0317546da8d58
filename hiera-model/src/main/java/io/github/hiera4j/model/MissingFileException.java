package io.github.hiera4j.model;

/**
 * Thrown when a named file or directory does not exist or is not of the expected kind (a directory instead of a file).
 */
public class MissingFileException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception with a one-line message.
     *
     * @param message one line: what, expected, got, what to do
     */
    public MissingFileException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a one-line message and a cause.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause the cause
     */
    public MissingFileException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public MissingFileException withMessage(String message) {
        return new MissingFileException(message, this);
    }
}
