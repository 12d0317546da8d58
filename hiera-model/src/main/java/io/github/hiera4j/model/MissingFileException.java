package io.github.hiera4j.model;

/**
 * A file or directory that was named does not exist, or is not of the kind that was expected (a directory in place of a file).
 */
public class MissingFileException extends HieraException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure with a one-line message: what, expected, got, what to do.
     *
     * @param message one line: what, expected, got, what to do
     */
    public MissingFileException(String message) {
        super(message);
    }

    /**
     * A failure with a one-line message, and what caused it.
     *
     * @param message one line: what, expected, got, what to do
     * @param cause what caused it
     */
    public MissingFileException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public MissingFileException withMessage(String message) {
        return new MissingFileException(message, this);
    }
}
